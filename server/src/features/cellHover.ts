/**
 * The hover of a NAS cell that stands in a text: accuracy on each data set and latency on each device that cells were
 * measured on, with intervals; what its network costs; what is assumed; or why it is no cell.
 */
import { codeMarkdown, inMarkdown, joinMarkdown, messageMarkdown, type Markdown } from '../base/escaping/markdown.ts';
import type { CellReports, CellSummary } from '../analysis/cellReports.ts';
import { formatLatencyMs } from '../base/format.ts';
import type { TextRange } from '../base/text.ts';
import type { Prediction } from '../predictor/prediction.ts';
import {
  coverageText,
  distanceText,
  latencyInterval,
  percentInterval,
  percentText,
  type CellOptions,
} from './cellText.ts';
import { modelMarkdown, type Hover } from './hover.ts';

/** The figures of `range`, which is a cell's place in `file`. */
export function cellHover(
  text: string,
  range: TextRange,
  file: string,
  reports: CellReports,
  options: CellOptions,
): Hover {
  const { dataset, deviceId } = options;
  const summary = reports.summary(text, dataset);
  const report = reports.report(text, file, range.start, dataset);
  if (summary.kind === 'problem' || report === undefined) {
    return {
      range,
      markdown: joinMarkdown(
        reports.problems(text).map(({ message }) => messageMarkdown(message)),
        '\n\n',
      ),
    };
  }
  const notes = report.problems.map(({ message }) => messageMarkdown(message));
  const parts = [
    accuracyMarkdown(summary, options),
    modelMarkdown(report, deviceId),
    summary.unpredicted === undefined ? NOTHING : inMarkdown`Parameters and MACs are exact.`,
    latencyMarkdown(summary),
    ...notes,
  ];
  return {
    range,
    markdown: joinMarkdown(
      parts.filter((part) => part.text !== ''),
      '\n\n',
    ),
  };
}

const NOTHING = inMarkdown``;

const HEAD = inMarkdown`| predicted | | interval | held |\n|---|--:|---|--:|`;

/** Accuracy, and the latency of the device that is asked for. */
function accuracyMarkdown(
  { accuracy, latencyMs, nearest, datasetId }: CellSummary,
  { deviceId, measuredId = deviceId }: CellOptions,
): Markdown {
  if (accuracy.size + latencyMs.size === 0) return NOTHING;
  const rows = [...accuracy].map(([id, figure]) =>
    row(`accuracy ${id}`, percentText(figure.value), percentInterval(figure), figure),
  );
  const latency = latencyMs.get(measuredId);
  const asked = latency === undefined ? [] : [latencyRow(measuredId, latency)];
  const missing =
    latencyMs.size === 0
      ? ` No latency was measured for networks of ${datasetId}.`
      : latency === undefined
        ? ` Cells were not measured on ${measuredId}: its figure is a roofline.`
        : '';
  const basis = inMarkdown`_Predicted_ by weights that were trained on the benchmark's own cells: test accuracy after its 200 epochs. "Held" is how often the interval held for cells that training did not see.${missing}`;
  const near =
    nearest === undefined
      ? NOTHING
      : inMarkdown`\n\n_Nearest cell of the training:_ ${codeMarkdown(nearest.cell)}, ${distanceText(nearest)}.`;
  return inMarkdown`${joinMarkdown([HEAD, ...rows, ...asked], '\n')}\n\n${basis}${near}`;
}

/** Every device that was measured: long, so it stands last. */
function latencyMarkdown({ latencyMs, datasetId }: CellSummary): Markdown {
  if (latencyMs.size === 0) return NOTHING;
  const rows = [...latencyMs].map(([device, figure]) => latencyRow(device, figure));
  return inMarkdown`**Latency of its ${datasetId} network**, as others measured such networks\n\n${joinMarkdown([HEAD, ...rows], '\n')}`;
}

function latencyRow(device: string, figure: Prediction): Markdown {
  return row(`latency ${device}`, formatLatencyMs(figure.value), latencyInterval(figure), figure);
}

function row(name: string, value: string, interval: string, figure: Prediction): Markdown {
  return inMarkdown`| ${name} | ${value} | ${interval} | ${coverageText(figure)} |`;
}
