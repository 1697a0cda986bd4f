const controls = document.getElementById("controls");
const stage = document.getElementById("stage");
const squares = document.getElementById("heads");
const said = document.getElementById("status");
const tell = (text) => { said.textContent = text; };

const views = { head: new HeadView(tell), model: new ModelView(tell), neuron: data.headSize ? new NeuronView(tell) : null };
/** The heads that are on, of each stack, as indices among those on the page. */
const active = Object.fromEntries(data.stacks.map((stack) => {
  const asked = data.active.map((head) => stack.heads.indexOf(head)).filter((h) => h >= 0);
  return [stack.id, new Set(!stack.fused && asked.length ? asked : stack.heads.keys())];
}));

function fill(name, options) {
  controls.elements[name].replaceChildren(...options.map(([text, value]) => new Option(text, value)));
}

function choice() {
  const form = new FormData(controls);
  const view = form.get("view");
  const stack = view === "neuron" ? data.stacks[0] : data.stacks[Number(controls.elements.stack.value)];
  return {
    view, stack,
    layer: Number(controls.elements.layer.value),
    head: Number(controls.elements.head.value),
    active: [...active[stack.id]].sort((a, b) => a - b),
    strength: controls.elements.strength.value,
    thumbnail: controls.elements.thumbnail.value,
    ...rangesOf(controls.elements.block?.value ?? "all"),
  };
}

/** Controls that mean nothing in a view are away. */
function fit(chosen) {
  const shown = {
    stack: chosen.view !== "neuron", layer: chosen.view !== "model", head: chosen.view === "neuron", block: true,
    strength: true, thumbnail: chosen.view === "model",
  };
  for (const [name, there] of Object.entries(shown)) {
    const control = controls.elements[name];
    if (control) control.closest("label").hidden = !there;
  }
  squares.hidden = chosen.view !== "head" || chosen.stack.fused;
}

function fillSquares(chosen) {
  if (squares.dataset.stack === chosen.stack.id) return;
  squares.dataset.stack = chosen.stack.id;
  squares.replaceChildren(...chosen.stack.heads.map((head, h) => {
    const square = element("button", "square", String(head));
    square.type = "button";
    square.title = "Head " + head + ": click to turn it on or off, double-click for it alone";
    square.setAttribute("aria-label", "Head " + head);
    square.style.setProperty("--colour", colourOf(h));
    square.addEventListener("click", () => toggle(chosen.stack, h));
    square.addEventListener("dblclick", () => only(chosen.stack, h));
    square.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.shiftKey) {
        event.preventDefault();
        only(chosen.stack, h);
      }
    });
    return square;
  }));
}

/** The only active head stays on. */
function toggle(stack, h) {
  const set = active[stack.id];
  if (!set.has(h)) {
    set.add(h);
  } else if (set.size > 1) {
    set.delete(h);
  }
  draw();
}

/** A double-click comes after two clicks, which undo each other. On the sole active head it turns all on. */
function only(stack, h) {
  const set = active[stack.id];
  const sole = set.size === 1 && set.has(h);
  active[stack.id] = new Set(sole ? stack.heads.keys() : [h]);
  draw();
}

function draw() {
  const chosen = choice();
  fit(chosen);
  fillSquares(chosen);
  [...squares.children].forEach((square, h) => {
    square.setAttribute("aria-pressed", String(active[chosen.stack.id].has(h)));
  });
  const view = views[chosen.view];
  if (stage.firstChild !== view.root) stage.replaceChildren(view.root);
  view.show(chosen);
}

/** Which colour is which head. */
function drawSquares(context, chosen, left, top) {
  context.textAlign = "center";
  chosen.active.forEach((h, n) => {
    const x = left + n * 28;
    context.strokeStyle = colourOf(h);
    context.lineWidth = 4;
    context.strokeRect(x + 2, top + 2, 20, 16);
    context.fillText(String(chosen.stack.heads[h]), x + 12, top + 11);
  });
  context.textAlign = "left";
}

/** What is seen, on paper of the page's colour, twice as fine. */
function png() {
  const chosen = choice();
  const view = views[chosen.view];
  const picture = view.export();
  const margin = 20;
  const head = 84;
  const canvas = document.createElement("canvas");
  const width = Math.max(picture.width, 420) + 2 * margin;
  const height = picture.height + head + 2 * margin;
  const scale = Math.min(2, 16384 / height, 16384 / width);
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext("2d");
  const style = getComputedStyle(document.body);
  context.scale(scale, scale);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, width, height);
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  context.font = "600 15px " + style.fontFamily;
  context.fillText(document.querySelector("h1").textContent, margin, margin + 10, width - 2 * margin);
  context.font = "13px " + style.fontFamily;
  context.fillText(chosen.stack.title + ", " + view.title(chosen), margin, margin + 34, width - 2 * margin);
  if (chosen.view === "head" && !chosen.stack.fused) drawSquares(context, chosen, margin, margin + 50);
  picture.draw(context, margin, margin + head);
  return canvas;
}

function save() {
  png().toBlob((blob) => {
    const link = element("a", "");
    link.href = URL.createObjectURL(blob);
    link.download = "attention.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });
}

fill("stack", data.stacks.map((stack, n) => [stack.title, n]));
fill("layer", data.layers.map((layer) => [layer, layer]));
fill("head", data.stacks[0].heads.map((head, h) => [head, h]));
controls.elements.layer.value = data.layer;
if (data.active.length) controls.elements.head.value = data.stacks[0].heads.indexOf(data.active[0]);
controls.addEventListener("input", draw);
controls.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("png").addEventListener("click", save);
controls.hidden = false;

async function start() {
  if (data.patches) {
    picture.src = data.patches.source;
    await picture.decode();
  }
  draw();
  performance.mark("drawn");
}

start();
