/* What can be taken home: a picture, a film, the motion itself. */
function fileName(ending) {
  const words = scene().title.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return `${words.slice(0, 48).replace(/-+$/, "") || "scene"}.${ending}`;
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 20000);
  note(`Saved ${name}`);
}

/* A canvas of the size of the film, large enough to be sharp. */
function filmCanvas() {
  const canvas = document.createElement("canvas");
  const { width, height } = DATA.options;
  const factor = Math.max(1, Math.ceil(720 / Math.min(width, height)));
  const scaled = Math.max(width, height) * factor > 4096 ? 1 : factor;
  // films want even sizes
  canvas.width = 2 * Math.round(0.5 * width * scaled);
  canvas.height = 2 * Math.round(0.5 * height * scaled);
  return canvas;
}

function viewNow() {
  return byHand(viewAt(scene(), state.time, state.options.camera), state.shownHand);
}

function savePicture() {
  const canvas = filmCanvas();
  drawPicture(canvas, scene(), state.time, viewNow(), state.options);
  canvas.toBlob((blob) => download(blob, fileName("png")), "image/png");
}

async function saveMotion() {
  const packed = new Blob([bytesOf(scene().file)]).stream();
  const text = await new Response(packed.pipeThrough(new DecompressionStream("deflate"))).blob();
  download(new Blob([text], { type: "application/json" }), fileName("motion"));
}

/* Pressed again while a film is made, it is given up. */
async function saveFilm() {
  if (state.filming) { state.filming = null; return; }
  const canvas = filmCanvas(), name = fileName("webm"), own = {};
  const found = await filmSettings(canvas);
  if (!found) { note("This browser cannot make films"); return; }
  state.filming = own;
  byId("save-webm").firstChild.textContent = "Stop filming";
  const going = (share) => { note(`Filming: ${Math.round(100 * share)} %`, true); return state.filming === own; };
  try {
    const film = await makeFilm(canvas, found, going);
    if (film) download(film, name);
    else note("Film given up");
  } catch (error) {
    note(`No film: ${error.message}`);
  } finally {
    if (state.filming === own) state.filming = null;
    byId("save-webm").firstChild.textContent = "Film";
  }
}

function bindSave() {
  const put = (id, act, able) => { byId(id).addEventListener("click", () => { closeSheets(); act(); }); byId(id).hidden = !able; };
  put("save-png", savePicture, true);
  put("save-webm", saveFilm, typeof VideoEncoder !== "undefined");
  put("save-motion", saveMotion, typeof DecompressionStream !== "undefined");
}
