import { conformance } from './suite.ts';
import { webSocketClientSubject } from './subjects.ts';

conformance('websocket-client over IPv4', webSocketClientSubject('127.0.0.1'));
conformance('websocket-client over IPv6', webSocketClientSubject('::1'));
