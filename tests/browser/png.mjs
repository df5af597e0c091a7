// A PNG of noise: as large as it looks, and each seed another file.
import { deflateSync } from 'node:zlib';

const table = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function chunk(name, body) {
  const all = Buffer.concat([Buffer.from(name), body]);
  let crc = 0xffffffff;
  for (const byte of all) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  const size = Buffer.alloc(4), sum = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  sum.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return Buffer.concat([size, all, sum]);
}

export function noise(width, height, seed) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height);
  let state = seed * 2654435761 >>> 0;
  for (let i = 0; i < rows.length; i += 1) {
    if (i % (width * 3 + 1) === 0) continue;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    rows[i] = state >>> 24;
  }
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}
