import type { StepTrace } from './simulation-props';

/** What a simulation is made of. */
export interface SimulationFields {
  readonly status: number;
  readonly body: string;
  readonly headers: { [name: string]: string };
  readonly millis: number;
  readonly failure?: string;
  readonly trace: StepTrace[];
}
