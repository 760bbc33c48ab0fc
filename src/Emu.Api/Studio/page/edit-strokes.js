// Keeps the strokes of a brush in this tab, so that what is painted survives a reload.

// Room for some minutes of painting. The tab's storage holds about ten times as much, and more than strokes.
const longest = 500_000;

/** The strokes that are kept under a name. */
export function loadStrokes(name) {
  return JSON.parse(sessionStorage.getItem(name) ?? '[]').map(({ diameter, erases, at }) => ({
    diameter,
    erases,
    points: Array.from({ length: at.length / 2 }, (_, index) => ({ x: at[2 * index], y: at[2 * index + 1] })),
  }));
}

/** Keeps strokes under a name; too many for the tab's storage are not kept. */
export function saveStrokes(name, strokes) {
  const text = JSON.stringify(strokes.map(({ points, ...rest }) => ({ ...rest, at: points.flatMap(({ x, y }) => [round(x), round(y)]) })));
  if (strokes.length > 0 && text.length <= longest) sessionStorage.setItem(name, text);
  else sessionStorage.removeItem(name);
}

const round = (value) => Math.round(value * 10) / 10;
