import { COMPONENT_CASES } from './component';
import { LOGGING_CASES } from './logging';
import { GRAPH_CASES } from './graph';
import { MODEL_CASES } from './model';
import { MODE_CASES } from './mode';
import { NAMES_CASES } from './names';
import { RUNTIME_CASES } from './runtime';
import { SCALING_CASES } from './scaling';
import { TARGET_CASES } from './target';

/** For each rule a program that breaks it and the same program put right. */
export interface RuleCase { readonly wrong: string; readonly right: string }

export const CASES: { [code: string]: RuleCase } = {
  ...TARGET_CASES,
  ...NAMES_CASES,
  ...MODEL_CASES,
  ...COMPONENT_CASES,
  ...SCALING_CASES,
  ...LOGGING_CASES,
  ...RUNTIME_CASES,
  ...MODE_CASES,
  ...GRAPH_CASES,
};
