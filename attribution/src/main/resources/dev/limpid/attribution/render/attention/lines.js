/** Steps of a line's opacity; the square of a step's share is the weight it begins with, so that small weights are told apart. */
const STEPS = 16;
/** Lines of lower steps are haze, and left out until one points at a token. */
const LEAST_STEP = 3;
/** Pixels of lines that a browser without a graphics card draws in a quarter of a second. */
const MOST_PIXELS = 15e6;

/**
 * The lines of some heads, strongest first: what is shown, and what would take one too long to draw.
 *
 * @param shown what a component shows: stack, layer, heads, rows, columns, strength
 * @param most how many
 * @returns steps, a list of [head, i, j, …] for each step of opacity, and the weight from which on lines are there
 */
function linesOf(shown, most) {
  const layer = layerOf(shown.stack, shown.layer);
  const scale = scaleOf(shown);
  const [first, last] = shown.rows;
  const [left, right] = shown.columns;
  const stepOf = new Uint8Array(256);
  const each = (visit) => {
    for (const h of shown.heads) {
      for (let i = first; i < last; i++) {
        const row = h * T + i;
        const max = shown.strength === "row" ? 1 : layer.maxima[row] / scale;
        for (let b = 0; b < 256; b++) stepOf[b] = Math.min(STEPS - 1, Math.trunc(STEPS * Math.sqrt(max * b / 255)));
        visit(layer.bytes.subarray(row * T + left, row * T + right), h, i);
      }
    }
  };
  const counts = new Int32Array(STEPS);
  each((bytes) => {
    for (const b of bytes) counts[stepOf[b]]++;
  });
  let least = STEPS;
  for (let sum = 0; least > LEAST_STEP && sum + counts[least - 1] <= most; least--) sum += counts[least - 1];
  least = Math.min(least, STEPS - 1);
  const steps = Array.from({ length: STEPS }, () => []);
  let room = most;
  each((bytes, h, i) => {
    for (let j = 0; j < bytes.length; j++) {
      const step = stepOf[bytes[j]];
      if (step >= least && room-- > 0) steps[step].push(h, i, left + j);
    }
  });
  return { steps, from: (least / STEPS) ** 2 * (shown.strength === "row" ? 1 : scale) };
}

/** The weight that is drawn in full. */
const scaleOf = (shown) => shown.stack.shares ? 1 : layerOf(shown.stack, shown.layer).largest || 1;

/** Opacity of a weight: small ones are drawn stronger than in proportion, or one would not see them; of several heads less so, as lines add up. */
const seen = (weight, heads = 1) => Math.min(1, weight) ** (heads === 1 ? 0.6 : 0.8);

/** How much of a line of several heads is seen: they lie over each other. */
const together = (heads) => 1 / Math.sqrt(Math.min(heads, 4));

/**
 * Draws lines between the middles of rows.
 *
 * @param place where they lie: left, right, top and the height of a row
 * @param colour of a head
 */
function drawLines(context, lines, shown, place, colour) {
  const strength = together(shown.heads.length);
  const y = (index, start) => place.top + (index - start + 0.5) * place.pitch;
  for (let step = LEAST_STEP; step < STEPS; step++) {
    const opacity = seen(((step + 0.5) / STEPS) ** 2) * strength;
    const list = lines.steps[step];
    for (let n = 0; n < list.length;) {
      const head = list[n];
      context.strokeStyle = faded(colour(head), opacity);
      // A path each: browsers draw many short paths much faster than one of many lines.
      for (; n < list.length && list[n] === head; n += 3) {
        context.beginPath();
        context.moveTo(place.left, y(list[n + 1], shown.rows[0]));
        context.lineTo(place.right, y(list[n + 2], shown.columns[0]));
        context.stroke();
      }
    }
  }
}

/** Draws the lines of one token, all that can be seen. */
function drawLinesOf(context, token, shown, place, colour) {
  const layer = layerOf(shown.stack, shown.layer);
  const scale = scaleOf(shown);
  const [from, to] = token.side === "left" ? shown.columns : shown.rows;
  const lines = [];
  for (const h of shown.heads) {
    for (let other = from; other < to; other++) {
      const [i, j] = token.side === "left" ? [token.index, other] : [other, token.index];
      const weight = layer.at(h, i, j) / (shown.strength === "row" ? layer.maxima[h * T + i] || 1 : scale);
      if (weight >= 0.005) lines.push({ h, i, j, weight });
    }
  }
  lines.sort((a, b) => a.weight - b.weight);
  for (const { h, i, j, weight } of lines) {
    context.strokeStyle = faded(colour(h), seen(weight, shown.heads.length));
    context.beginPath();
    context.moveTo(place.left, place.top + (i - shown.rows[0] + 0.5) * place.pitch);
    context.lineTo(place.right, place.top + (j - shown.columns[0] + 0.5) * place.pitch);
    context.stroke();
  }
}

/** Draws a map as a matrix, rows down, the largest weight of what falls on a pixel. */
function drawMatrix(context, shown, size, colour) {
  const layer = layerOf(shown.stack, shown.layer);
  const scale = scaleOf(shown);
  const [head] = shown.heads;
  const [first, last] = shown.rows;
  const [left, right] = shown.columns;
  const most = new Float32Array(size * size);
  for (let i = first; i < last; i++) {
    const max = shown.strength === "row" ? 1 : layer.maxima[head * T + i] / scale;
    const bytes = layer.bytes.subarray((head * T + i) * T + left, (head * T + i) * T + right);
    // A map smaller than the picture is enlarged, a larger one pooled.
    const top = Math.trunc((i - first) * size / (last - first));
    const bottom = Math.max(top + 1, Math.trunc((i + 1 - first) * size / (last - first)));
    for (let j = 0; j < bytes.length; j++) {
      const value = max * bytes[j] / 255;
      const start = Math.trunc(j * size / bytes.length);
      const end = Math.max(start + 1, Math.trunc((j + 1) * size / bytes.length));
      for (let y = top; y < bottom; y++) {
        for (let x = start; x < end; x++) most[y * size + x] = Math.max(most[y * size + x], value);
      }
    }
  }
  const image = new ImageData(size, size);
  const rgb = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  for (let n = 0; n < most.length; n++) {
    image.data.set(rgb, 4 * n);
    image.data[4 * n + 3] = Math.round(255 * seen(most[n]));
  }
  context.putImageData(image, 0, 0);
}
