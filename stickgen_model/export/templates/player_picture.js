/* One picture of a scene: scenery, shadows, people, caption, on any canvas. */
const layers = new WeakMap();

function layerOf(canvas) {
  let layer = layers.get(canvas);
  if (!layer) layers.set(canvas, (layer = document.createElement("canvas")));
  if (layer.width !== canvas.width || layer.height !== canvas.height) { layer.width = canvas.width; layer.height = canvas.height; }
  return layer;
}

/* The largest part of a canvas with the shape of the film; on a narrow canvas, only as wide as
   what happens in it. */
function frameIn(width, height, used) {
  const high = Math.min(height, width / (DATA.options.aspect * used));
  return { x: 0.5 * width, y: 0.5 * height, height: high };
}

function drawPicture(canvas, scene, time, view, options) {
  const context = canvas.getContext("2d");
  const look = DATA.looks[options.look];
  const frame = frameIn(canvas.width, canvas.height, usedWidth(scene, options.camera));
  const size = { width: canvas.width, height: canvas.height, frame: frame.height };
  const camera = makeCamera(view, frame);
  drawScenery(context, size, camera, look, options);
  const { pieces, people } = layOut(scene, time, camera, look, options);
  if (options.shadow) drawShadows(context, people, camera, look);
  if (look.grain) {
    drawRough(context, layerOf(canvas), pieces, (chalk) => drawPeople(chalk, people, pieces, look, options), look.grain);
  } else {
    drawPeople(context, people, pieces, look, options);
  }
  if (options.captions) drawCaption(context, size, captionAt(scene, time), look, options);
}

let grain = null;

/* Chalk misses the pits of the board: specks that stay where they are. Only the part of the
   canvas with people in it is worked on. */
function drawRough(context, layer, pieces, draw, strength) {
  const ends = pieces.flatMap(({ first, second, r1, r2 }) => [[first, r1], [second, r2]]);
  const low = (of, most) => Math.max(Math.floor(Math.min(most, ...ends.map(of)) - 2), 0);
  const high = (of, most) => Math.min(Math.ceil(Math.max(0, ...ends.map(of)) + 2), most);
  const x = low(([p, r]) => p.x - r, layer.width), y = low(([p, r]) => p.y - r, layer.height);
  const width = high(([p, r]) => p.x + r, layer.width) - x, height = high(([p, r]) => p.y + r, layer.height) - y;
  if (width <= 0 || height <= 0) return;
  const chalk = layer.getContext("2d");
  chalk.clearRect(x, y, width, height);
  draw(chalk);
  chalk.globalCompositeOperation = "destination-out";
  chalk.globalAlpha = strength;
  chalk.fillStyle = chalk.createPattern(grainTile(), "repeat");
  chalk.fillRect(x, y, width, height);
  chalk.globalAlpha = 1;
  chalk.globalCompositeOperation = "source-over";
  context.drawImage(layer, x, y, width, height, x, y, width, height);
}

function grainTile() {
  if (!grain) {
    grain = document.createElement("canvas");
    grain.width = grain.height = 192;
    const dots = grain.getContext("2d"), image = dots.createImageData(192, 192);
    let seed = 12345;
    for (let k = 3; k < image.data.length; k += 4) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const value = (seed >>> 16) / 65535;
      image.data[k] = value > 0.55 ? 255 * (value - 0.55) * 1.5 : 0;
    }
    dots.putImageData(image, 0, 0);
  }
  return grain;
}

function wrapped(context, text, width, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (!lines[lines.length - 1] || context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
    if (lines.length > most) break;
  }
  const cut = lines.length > most;
  return lines.slice(0, most).map((line, n) => {
    let chars = Array.from(line);
    const dots = cut && n === most - 1 ? " ..." : "";
    if (context.measureText(line + dots).width <= width) return line + dots;
    while (chars.length && context.measureText(chars.join("") + " ...").width > width) chars = chars.slice(0, Math.min(chars.length - 1, Math.floor(chars.length * 0.95)));
    return chars.join("") + " ...";
  });
}

/* `smallest`: pixels of letters; `foot`: pixels at the bottom that something else covers. */
function drawCaption(context, size, text, look, options) {
  if (!text) return;
  const large = Math.max(Math.min(0.04 * size.height, 0.062 * size.width), options.smallest);
  context.font = `500 ${large}px Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, "Noto Sans", sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  const lines = wrapped(context, text, 0.88 * size.width, 3);
  lines.forEach((line, n) => {
    const y = size.height - options.foot - 0.045 * size.height - 0.25 * large - (lines.length - 1 - n) * 1.3 * large;
    context.strokeStyle = css(look.text_edge, 0.85);
    context.lineWidth = 0.22 * large;
    context.strokeText(line, 0.5 * size.width, y);
    context.fillStyle = css(look.text);
    context.fillText(line, 0.5 * size.width, y);
  });
}
