import { conformance } from './suite.ts';
import { pathServerSubject, tcpServerSubject } from './subjects.ts';

conformance('tcp-server over IPv4', tcpServerSubject('127.0.0.1'));
conformance('tcp-server over IPv6', tcpServerSubject('::1'));
conformance('tcp-server over a Unix socket', pathServerSubject);
