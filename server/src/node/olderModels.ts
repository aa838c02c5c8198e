/**
 * What each model was in an older version: as that version's own configuration names it, else as the newer one does,
 * else under the name that its file had. { student: models/net.py:Net } -> the digest of net.py:Net, before it was moved.
 */
import type { EntryState } from '../gate/diffReport.ts';
import type { AskedModel } from './askedModel.ts';
import { underOldName } from './modelVersion.ts';
import { readModels, type Version } from './version.ts';

export interface OlderModel {
  readonly state: EntryState;
  /** How it was asked for there. */
  readonly from: AskedModel;
}

export interface OlderOptions {
  readonly before: Version;
  readonly after: Version;
  /** Those that the older configuration names. */
  readonly old: readonly AskedModel[];
}

/** In the order of `models`, which are those of the newer version. */
export async function readOlderModels(
  models: readonly AskedModel[],
  { before, after, old }: OlderOptions,
): Promise<readonly OlderModel[]> {
  const oldByName = new Map(old.map((model) => [model.name, model]));
  const asked = models.map((model) => withDevicesOf(model, oldByName.get(model.name) ?? model));
  const states = await readModels(before, asked);
  const renamed = asked.map((model, index) =>
    states[index]?.kind === 'absent' ? underOldName(before, after, model) : undefined,
  );
  const second = await readModels(
    before,
    renamed.flatMap((model) => model ?? []),
  );
  const found = [...second];
  return asked.flatMap((model, index): OlderModel | readonly OlderModel[] => {
    const under = renamed[index];
    const state = under === undefined ? states[index] : found.shift();
    return state === undefined ? [] : { state, from: under ?? model };
  });
}

/** Models of the older configuration that are none of the newer one's, whatever they are called. */
export function goneModels(
  models: readonly AskedModel[],
  older: readonly OlderModel[],
  old: readonly AskedModel[],
): readonly AskedModel[] {
  const names = new Set(models.map(({ name }) => name));
  const usedTargets = new Set(older.map(({ from }) => from.request.target));
  return old.filter(({ name, request }) => !names.has(name) && !usedTargets.has(request.target));
}

/** The same model for the devices that the newer version asks for. */
function withDevicesOf({ request: { deviceIds } }: AskedModel, model: AskedModel): AskedModel {
  return { ...model, request: { ...model.request, deviceIds } };
}
