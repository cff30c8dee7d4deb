/** The front door: all that an adapter may import of the core. */
export type { Button, Card, Fact, Inline, Line, Mention } from './cards/card.ts';
export { cut } from './cards/cut.ts';
export type { Surface } from './cards/surfaces.ts';
export { definePlatform, type Log, type PlatformModule } from './platform.ts';
export type { Listing, Question, Row, Section, Turn } from './queries/query.ts';
export { answer as answerHttp, BodyTooLarge, readBody } from './runtime/http.ts';
export {
  type Act,
  type Allowance,
  ChatError,
  type ChatErrorKind,
  type ChatPlatform,
  type ChatProfile,
  type ChatUser,
  type Memory,
  type MessageRef,
  NotLetIn,
  type PostKey,
  type Route,
  type TokenTrouble,
  type Window,
} from './runtime/ports/chat.ts';
export type {
  Answer,
  Choice,
  CommandRequest,
  Desk,
  Form,
  FormInput,
  Given,
  Said,
} from './runtime/ports/desk.ts';
export { createRepeats, TAKEN_UP } from './runtime/repeats.ts';
export { createUnderWay } from './runtime/under-way.ts';
export { WORDS, type Word } from './slash.ts';
