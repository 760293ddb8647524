// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.
export * from './types/act.js';
export * from './types/call.js';
export * from './types/case.js';
export * from './types/core.js';
export * from './types/device.js';
export * from './types/domain.js';
export * from './types/draft.js';
export * from './types/wire.js';
