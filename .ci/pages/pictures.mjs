// Pictures of a few pages, kept small: the layout is held, not the pixels. Both pictures are made grey and shrunk until a letter is a shade, so that
// another version of the browser or of the font makes no difference, and a lost table, a wrong colour or an overlap does.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [WIDTH, HEIGHT, CELL] = [800, 1000, 20];
/** Of 255 shades of grey: over all cells, and in the worst one in fifty. */
const [MEAN, WORST] = [4, 45];

/** Compares the top of the page with the picture that is kept, or keeps it. */
export async function comparePicture(tab, name, kept, folder) {
  await tab.setViewportSize({ width: WIDTH, height: HEIGHT });
  await tab.addStyleTag({ content: "html, body, .chart { font-family: 'DejaVu Sans' !important } code { font-family: 'DejaVu Sans Mono' !important }" });
  const seen = await tab.screenshot({ clip: { x: 0, y: 0, width: WIDTH, height: HEIGHT } });
  await tab.setViewportSize({ width: 1280, height: 900 });
  const path = join(kept, `${name}.png`);
  if (process.env.BANDWISE_PAGES_UPDATE) {
    mkdirSync(kept, { recursive: true });
    writeFileSync(path, await shrink(tab, seen));
  }
  if (!existsSync(path)) return [`no picture is kept at ${path}: make it with BANDWISE_PAGES_UPDATE=1`];
  const { mean, worst } = await difference(tab, seen, readFileSync(path));
  if (mean <= MEAN && worst <= WORST) return [];
  writeFileSync(join(folder, `${name}-seen.png`), seen);
  return [`looks different from ${path}: ${mean.toFixed(1)} shades in the mean, ${worst.toFixed(1)} in the worst places; BANDWISE_PAGES_UPDATE=1 keeps the new look`];
}

const address = (png) => `data:image/png;base64,${png.toString("base64")}`;

/** Half as large and grey, as it is kept. */
async function shrink(tab, png) {
  const url = await tab.evaluate(
    async ([address, width, height]) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const brush = canvas.getContext("2d");
      brush.filter = "grayscale(1)";
      brush.drawImage(image, 0, 0, width, height);
      // Sixteen shades: enough to see it by, and a small file.
      const pixels = brush.getImageData(0, 0, width, height);
      pixels.data.forEach((shade, place) => (pixels.data[place] = place % 4 === 3 ? 255 : Math.round(shade / 17) * 17));
      brush.putImageData(pixels, 0, 0);
      return canvas.toDataURL("image/png");
    },
    [address(png), WIDTH / 2, HEIGHT / 2],
  );
  return Buffer.from(url.split(",")[1], "base64");
}

/** Mean difference, and the difference that one cell in fifty exceeds. */
export function difference(tab, one, other) {
  return tab.evaluate(
    async ([addresses, columns, rows]) => {
      const [a, b] = await Promise.all(
        addresses.map(async (address) => {
          const image = new Image();
          image.src = address;
          await image.decode();
          const half = Object.assign(document.createElement("canvas"), { width: columns * 10, height: rows * 10 });
          const brush = half.getContext("2d", { willReadFrequently: true });
          brush.filter = "grayscale(1)";
          brush.drawImage(image, 0, 0, half.width, half.height);
          const { data } = brush.getImageData(0, 0, half.width, half.height);
          const sums = new Float64Array(columns * rows);
          for (let y = 0; y < half.height; y++) for (let x = 0; x < half.width; x++) sums[Math.floor(y / 10) * columns + Math.floor(x / 10)] += data[(y * half.width + x) * 4] / 100;
          return sums;
        }),
      );
      const apart = [...a].map((shade, place) => Math.abs(shade - b[place])).sort((x, y) => y - x);
      return { mean: apart.reduce((sum, shade) => sum + shade, 0) / apart.length, worst: apart[Math.floor(apart.length / 50)] };
    },
    [[address(one), address(other)], WIDTH / CELL, HEIGHT / CELL],
  );
}
