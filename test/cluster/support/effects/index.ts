import { OTHER_PROGRAMS } from './others';
import { POD_PROGRAMS } from './pods';
import { EffectProgram } from './program';
import { SCALING_PROGRAMS } from './scaling';
import { SERVICE_PROGRAMS } from './services';
import { STORAGE_PROGRAMS } from './storage';

/** Programs that together set every prop whose effect can be seen. */
export const EFFECT_PROGRAMS: readonly EffectProgram[] = [
  ...SERVICE_PROGRAMS, ...POD_PROGRAMS, ...SCALING_PROGRAMS, ...STORAGE_PROGRAMS, ...OTHER_PROGRAMS,
];
