import { conformance } from './suite.ts';
import { webSocketServerSubject } from './subjects.ts';

conformance('websocket-server over IPv4', webSocketServerSubject('127.0.0.1'));
conformance('websocket-server over IPv6', webSocketServerSubject('::1'));
