/** The files in which Windows and macOS keep an icon in several sizes. Both hold PNG pictures as they are. */

/** Sizes in an .ico, px. Windows takes the rest from the nearest one. */
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Kinds of entries in an .icns, and the width of each, px. `@2x` is the same picture for a screen of twice the density. */
const ICNS_KINDS = /** @type {const} */ ([
  ['ic11', 32], // 16@2x
  ['ic12', 64], // 32@2x
  ['ic07', 128],
  ['ic13', 256], // 128@2x
  ['ic08', 256],
  ['ic14', 512], // 256@2x
  ['ic09', 512],
  ['ic10', 1024], // 512@2x
]);

const ICO_HEADER = 6;
const ICO_ENTRY = 16;
const ICNS_HEADER = 8;

/** @param {ReadonlyMap<number, Buffer>} pictures width → PNG @param {number} size @returns {Buffer} */
function picture(pictures, size) {
  const png = pictures.get(size);
  if (png === undefined) throw new Error(`There is no picture of ${String(size)} px.`);
  return png;
}

/** @param {ReadonlyMap<number, Buffer>} pictures width → PNG @returns {Buffer} an .ico file */
export function ico(pictures) {
  const header = Buffer.alloc(ICO_HEADER + ICO_ENTRY * ICO_SIZES.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(ICO_SIZES.length, 4);
  /** @type {Buffer[]} */
  const parts = [header];
  let offset = header.length;
  for (const [index, size] of ICO_SIZES.entries()) {
    const png = picture(pictures, size);
    const entry = ICO_HEADER + ICO_ENTRY * index;
    // 256 does not fit into the byte and is written as 0.
    header[entry] = size % 256;
    header[entry + 1] = size % 256;
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    parts.push(png);
    offset += png.length;
  }
  return Buffer.concat(parts);
}

/** @param {ReadonlyMap<number, Buffer>} pictures width → PNG @returns {Buffer} an .icns file */
export function icns(pictures) {
  const entries = ICNS_KINDS.map(([kind, size]) => icnsPart(kind, picture(pictures, size)));
  return icnsPart('icns', Buffer.concat(entries));
}

/** @param {string} kind four letters @param {Buffer} content @returns {Buffer} */
function icnsPart(kind, content) {
  const header = Buffer.alloc(ICNS_HEADER);
  header.write(kind, 'latin1');
  header.writeUInt32BE(ICNS_HEADER + content.length, 4);
  return Buffer.concat([header, content]);
}
