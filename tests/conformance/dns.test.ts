import { conformance } from './suite.ts';
import { dnsSubject } from './subjects.ts';

conformance('dns over UDP', dnsSubject('udp'));
conformance('dns over TCP', dnsSubject('tcp'));
