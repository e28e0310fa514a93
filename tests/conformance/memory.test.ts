import { conformance } from './suite.ts';
import { memoryClientSubject, memoryServerSubject } from './subjects.ts';

conformance('memory-client', memoryClientSubject);
conformance('memory-server', memoryServerSubject);
