/**
 * The worker's side of the background: an analyzer with the editor's texts, which does one job after another, each until
 * its limit or until it is stopped. What it answers is plain data, every part of it made.
 */
import { reportIn, type BackgroundAnswer, type BackgroundJob } from '../analysis/background.ts';
import type { Analyzer } from '../analysis/analyzer.ts';
import { createConfigurationStore } from './configurationStore.ts';
import { createNodeAnalyzer } from './createNodeAnalyzer.ts';
import type { BackgroundReply, BackgroundRequest, BackgroundSettings } from './workerMessages.ts';

/** Of a graph that the editor's thread can hold and show without a stop. */
const MOST_NODES = 50_000;

export async function createBackgroundAnalyzer(
  settings: BackgroundSettings,
): Promise<(request: BackgroundRequest) => BackgroundReply> {
  const { knownDeviceIds, stoppedId, timeLimitMs } = settings;
  const configurations = createConfigurationStore(knownDeviceIds);
  let presentId = 0;
  let end = 0;
  let cuts = 0;
  const shouldStop = (): boolean => {
    if (performance.now() <= end && Atomics.load(stoppedId, 0) !== presentId) return false;
    cuts++;
    return true;
  };
  const analyzer = await createNodeAnalyzer({ ...settings, timeLimitMs: () => shouldStop, configurations });

  function take({ texts, configurationTexts, changedFiles, hasNewConfiguration }: BackgroundRequest): void {
    for (const [file, text] of configurationTexts) configurations.setText(file, text);
    if (hasNewConfiguration) {
      configurations.forget();
      analyzer.configurationChanged();
    }
    for (const [file, text] of texts) analyzer.setText(file, text);
    if (changedFiles.length > 0) analyzer.filesChanged(changedFiles);
  }

  return (request) => {
    const { id, job } = request;
    take(request);
    presentId = id;
    const cutsBefore = cuts;
    const start = performance.now();
    end = start + timeLimitMs;
    const { value, trail } = analyzer.withTrail(() => answerOf(analyzer, job));
    const wasCut = cuts !== cutsBefore;
    // Models that were found by half are not to be remembered.
    if (wasCut) analyzer.configurationChanged();
    const message = wasCut ? `it took longer than ${timeLimitMs / 1000} s` : tooLargeText(value);
    return {
      id,
      outcome: message === undefined ? { kind: 'answer', answer: value } : { kind: 'failed', message },
      tookMs: performance.now() - start,
      files: [...trail.files],
      probedPaths: [...trail.probes].map(({ path }) => path),
    };
  };
}

function answerOf(analyzer: Analyzer, job: BackgroundJob): BackgroundAnswer {
  switch (job.kind) {
    case 'file':
      return { kind: 'file', entries: analyzer.entries(job.file), problems: analyzer.fileProblems(job.file) };
    case 'report':
      return { kind: 'report', report: analyzer.report(job.file, job.name) };
    case 'request':
      return { kind: 'request', result: analyzer.analyze(job.request) };
  }
}

function tooLargeText(answer: BackgroundAnswer): string | undefined {
  const report = reportIn(answer);
  if (report === undefined || report.graph.nodes.length <= MOST_NODES) return undefined;
  return `its graph has ${report.graph.nodes.length} operations; an editor shows up to ${MOST_NODES}`;
}
