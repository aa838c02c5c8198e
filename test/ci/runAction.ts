/**
 * Runs the steps of action.yml as a runner does: expressions filled in, outputs handed on, the first failure ends it.
 * A step's environment is the runner's with the step's own over it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export const root = path.join(import.meta.dirname, '../..');

interface Step {
  readonly id: string;
  readonly if?: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
  readonly 'working-directory': string;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

export const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Action;

export interface RunnerState {
  /** RUNNER_TEMP. */
  readonly temp: string;
  /** GITHUB_WORKSPACE. */
  readonly workspace: string;
  readonly apiUrl: string;
  readonly event: unknown;
  readonly inputs: Readonly<Record<string, string>>;
  /** What earlier steps of the workflow left in the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Stands for the first step: a program that is installed by now. */
  readonly program?: string;
}

export interface Outcome {
  readonly status: number | null;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

type Outputs = Readonly<Record<string, string>>;

export async function runAction(state: RunnerState): Promise<Outcome> {
  const { temp, workspace, apiUrl, event, inputs, environment = {}, program } = state;
  const files = { event: path.join(temp, 'event.json'), summary: path.join(temp, 'summary') };
  writeFileSync(files.event, JSON.stringify(event));
  writeFileSync(files.summary, '');
  const outputs = new Map<string, Outputs>();
  if (program !== undefined) outputs.set('install', { program, folder: mkdtempSync(path.join(temp, 'given-')) });
  const valueOf = (expression: string): string => {
    const [scope, name = '', , key = ''] = expression.split('.');
    if (scope === 'inputs') return inputs[name] ?? action.inputs[name]?.default ?? '';
    if (scope === 'steps') return outputs.get(name)?.[key] ?? '';
    if (expression === 'runner.temp') return temp;
    if (expression === 'github.workspace') return workspace;
    throw new Error(`this runner does not know \${{ ${expression} }}`);
  };
  const fill = (text: string): string => text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => valueOf(name));
  let log = '';
  let status: number | null = 0;
  for (const step of action.runs.steps) {
    const condition = /^(\S+) != 'false'$/.exec(step.if ?? '');
    if (outputs.has(step.id) || (condition !== null && valueOf(condition[1] ?? '') === 'false')) continue;
    const output = path.join(temp, `output-${step.id}`);
    writeFileSync(output, '');
    const env = {
      PATH: process.env['PATH'],
      HOME: temp,
      ...environment,
      RUNNER_TEMP: temp,
      GITHUB_ACTION_PATH: root,
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_API_URL: apiUrl,
      GITHUB_EVENT_PATH: files.event,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: files.summary,
      ...Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, fill(text)])),
    };
    const ended = await runStep(fill(step.run), { env, cwd: fill(step['working-directory']) });
    ({ status } = ended);
    log += ended.log;
    outputs.set(step.id, readOutputs(output));
    if (status !== 0) break;
  }
  return { status, log, summary: readFileSync(files.summary, 'utf8'), outputs: outputs.get('layercost') ?? {} };
}

async function runStep(
  script: string,
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
): Promise<{ readonly status: number | null; readonly log: string }> {
  // The runner's own: PATH may lead anywhere.
  const child = spawn('/bin/bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script], options);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => (log += text));
  }
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, log };
}

function readOutputs(file: string): Outputs {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
