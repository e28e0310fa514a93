import { conformance } from './suite.ts';
import { pathClientSubject, tcpClientSubject } from './subjects.ts';

conformance('tcp-client over IPv4', tcpClientSubject('127.0.0.1'));
conformance('tcp-client over IPv6', tcpClientSubject('::1'));
conformance('tcp-client over a Unix socket', pathClientSubject);
