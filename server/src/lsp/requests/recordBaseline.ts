/**
 * `workspace/executeCommand` of `layercost.recordBaseline`: writes what the models of a configuration cost now, as they
 * lie on disk, and shows a message. "Recorded 2 models in /work/layercost-baseline.json, as they lie on disk."
 */
import {
  MessageType,
  ShowMessageNotification,
  type Connection,
  type ExecuteCommandParams,
  type ShowMessageParams,
} from 'vscode-languageserver';
import { noticeText } from '../../base/escaping/labelText.ts';
import type { RecordedBaseline } from '../../node/recordBaseline.ts';
import { RECORD_BASELINE_COMMAND } from '../budgetCodeActions.ts';
import type { RequestContext } from './requestContext.ts';

/** Null for a command that is not ours. */
export async function recordBaseline(
  { host, workspace }: RequestContext,
  { command, arguments: args = [] }: ExecuteCommandParams,
  connection: Pick<Connection, 'sendNotification'>,
): Promise<RecordedBaseline | null> {
  if (command !== RECORD_BASELINE_COMMAND) return null;
  const [uri] = args as readonly unknown[];
  const file = typeof uri === 'string' ? host.pathOfUri(uri) : workspace.configurationFile();
  const recorded: RecordedBaseline =
    file === undefined
      ? { kind: 'failed', message: 'the opened folders have no layercost.json and no [tool.layercost]' }
      : await host.recordBaseline(file);
  await connection.sendNotification(ShowMessageNotification.type, recordedMessage(recorded));
  return recorded;
}

function recordedMessage(recorded: RecordedBaseline): ShowMessageParams {
  if (recorded.kind === 'failed') {
    return { type: MessageType.Error, message: noticeText(`No baseline was recorded: ${recorded.message}`) };
  }
  const { modelCount, file } = recorded;
  const models = modelCount === 1 ? 'one model' : `${modelCount} models`;
  return { type: MessageType.Info, message: noticeText(`Recorded ${models} in ${file}, as they lie on disk.`) };
}
