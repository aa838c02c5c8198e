// Draws client/media/icon.png: four layers of growing width, the costliest one lit. `node client/media/makeIcon.mjs`
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const SIZE = 128;
/** Sub-samples along each side of a pixel, for smooth corners. */
const SAMPLES = 4;

const background = { x: 0, y: 0, width: 128, height: 128, radius: 26, color: [23, 32, 51] };
const layers = [
  { x: 20, y: 22, width: 36, height: 16, radius: 8, color: [96, 165, 250] },
  { x: 20, y: 45, width: 58, height: 16, radius: 8, color: [96, 165, 250] },
  { x: 20, y: 68, width: 88, height: 16, radius: 8, color: [251, 146, 60] },
  { x: 20, y: 91, width: 46, height: 16, radius: 8, color: [96, 165, 250] },
];

/** Is a point inside of a rectangle with round corners? */
function contains({ x, y, width, height, radius }, px, py) {
  const dx = Math.max(x + radius - px, px - (x + width - radius), 0);
  const dy = Math.max(y + radius - py, py - (y + height - radius), 0);
  return dx * dx + dy * dy <= radius * radius;
}

/** RGBA of a pixel: the mean over its samples, transparent outside of the background. */
function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let index = 0; index < SAMPLES * SAMPLES; index++) {
    const px = column + ((index % SAMPLES) + 0.5) / SAMPLES;
    const py = row + (Math.floor(index / SAMPLES) + 0.5) / SAMPLES;
    if (!contains(background, px, py)) continue;
    const { color } = layers.find((layer) => contains(layer, px, py)) ?? background;
    color.forEach((value, channel) => (sum[channel] += value));
    sum[3] += 1;
  }
  const covered = sum[3];
  if (covered === 0) return [0, 0, 0, 0];
  return [...sum.slice(0, 3).map((value) => Math.round(value / covered)), Math.round((255 * covered) / SAMPLES ** 2)];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

// PNG: each row starts with its filter (0: none); 8 bits a channel, colour type 6 (RGBA).
const rows = Array.from({ length: SIZE }, (_, row) => [
  0,
  ...Array.from({ length: SIZE }, (_unused, column) => pixel(column, row)).flat(),
]);
const header = Buffer.alloc(13);
header.writeUInt32BE(SIZE, 0);
header.writeUInt32BE(SIZE, 4);
header.set([8, 6, 0, 0, 0], 8);
writeFileSync(
  new URL('icon.png', import.meta.url),
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]),
);
