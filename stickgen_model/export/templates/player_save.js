/* What can be taken home: a picture, a film, the motion itself. */
const FILM_TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];

function filmType() {
  if (typeof MediaRecorder === "undefined" || !HTMLCanvasElement.prototype.captureStream) return "";
  return FILM_TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
}

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
  canvas.width = width * scaled;
  canvas.height = height * scaled;
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

/* The film is recorded as it is played: once through, at normal speed. */
function saveFilm() {
  if (state.recording) { endFilm(false); return; }
  const canvas = filmCanvas(), parts = [];
  drawPicture(canvas, scene(), 0, viewNow(), state.options);
  const recorder = new MediaRecorder(canvas.captureStream(60), { mimeType: filmType(), videoBitsPerSecond: 8e6 });
  recorder.ondataavailable = (event) => { if (event.data.size) parts.push(event.data); };
  state.recording = { canvas, recorder, parts, name: fileName("webm"), ending: false };
  byId("save-webm").firstChild.textContent = "Stop filming";
  byId("player").classList.add("filming");
  setTime(0);
  setSpeed(1);
  recorder.start();
  setPlaying(true);
  note("Filming once through, at normal speed", true);
}

function endFilm(whole) {
  const { recorder, parts, name } = state.recording;
  state.recording = null;
  byId("save-webm").firstChild.textContent = "Film";
  byId("player").classList.remove("filming");
  setPlaying(false);
  recorder.onstop = () => (whole ? download(new Blob(parts, { type: "video/webm" }), name) : note("Film not saved"));
  recorder.stop();
}

/* Called after each picture while a film is recorded; whoever pauses it ends it. */
function recordPicture() {
  const film = state.recording;
  if (!film || film.ending) return;
  drawPicture(film.canvas, scene(), state.time, viewNow(), state.options);
  if (state.playing) return;
  film.ending = true;
  const whole = state.time >= scene().last;
  // the last picture is shown as long as any other
  setTimeout(() => { if (state.recording === film) endFilm(whole); }, 1000 / scene().fps + 40);
}

function bindSave() {
  const put = (id, act, able) => { byId(id).addEventListener("click", () => { closeSheets(); act(); }); byId(id).hidden = !able; };
  put("save-png", savePicture, true);
  put("save-webm", saveFilm, Boolean(filmType()));
  document.addEventListener("visibilitychange", () => { if (document.hidden && state.recording) endFilm(false); });
  put("save-motion", saveMotion, typeof DecompressionStream !== "undefined");
}
