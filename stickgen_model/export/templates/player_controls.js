/* Buttons, sheets and keys. */
const STEP_S = 0.5, TURN = 0.16, NEARER = 1.15;
const CHOICES = {
  camera: { of: () => [["film", "As filmed"], ["free", "From the front"]], get: () => state.options.camera, set: setCamera },
  look: { of: () => Object.keys(DATA.looks).map((name) => [name, name]), get: () => state.options.look, set: (name) => setOption("look", name) },
  colours: { of: () => [["side", "Left and right"], ["actor", "By person"], ["plain", "Plain"]], get: () => state.options.colours, set: (name) => setOption("colours", name) },
  theme: { of: () => [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]], get: () => state.theme, set: setTheme },
};

function buildChoices() {
  for (const [id, choice] of Object.entries(CHOICES)) {
    byId(id).replaceChildren(...choice.of().map(([value, text]) => option(id, "radio", value, text, () => choice.set(value))));
    syncChoices(id);
  }
  byId("shown").replaceChildren(...SHOWN.map((name) => option("shown", "checkbox", name, name, (on) => setOption(name, on))));
  for (const input of byId("shown").querySelectorAll("input")) input.checked = state.options[input.value];
  for (const label of byId("look").children) {
    const look = DATA.looks[label.firstChild.value], mark = document.createElement("i");
    mark.style.background = look.transparent ? "" : css(look.page);
    mark.className = look.transparent ? "clear" : "";
    for (const name of ["left", "right"]) { const dot = document.createElement("b"); dot.style.background = css(look[name]); mark.append(dot); }
    label.insertBefore(mark, label.lastChild);
  }
}

function option(group, type, value, text, act) {
  const label = document.createElement("label"), input = document.createElement("input"), words = document.createElement("span");
  Object.assign(input, { type, name: `choice-${group}`, value });
  input.addEventListener("change", () => act(input.checked));
  words.textContent = text;
  label.append(input, words);
  return label;
}

function syncChoices(id) {
  for (const input of byId(id).querySelectorAll("input")) input.checked = input.value === CHOICES[id].get();
}

/* One sheet at a time; it closes by its button, Escape, or a press elsewhere. */
const SHEETS = { settings: "sheet", save: "downloads" };

function openSheet(button) {
  for (const [id, sheet] of Object.entries(SHEETS)) {
    const open = id === button && byId(sheet).hidden;
    byId(sheet).hidden = !open;
    byId(id).setAttribute("aria-expanded", open);
  }
  if (button && !byId(SHEETS[button]).hidden) byId(SHEETS[button]).querySelector("input:checked, button:not([hidden])").focus();
}

function closeSheets() {
  const open = Object.keys(SHEETS).find((id) => !byId(SHEETS[id]).hidden);
  openSheet(null);
  return open;
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else byId("player").requestFullscreen?.().catch(() => note("Full screen is not allowed here."));
}

function showKeys() {
  closeSheets();
  byId("keys").showModal();
}

let noteTimer = 0;

function note(text, stays = false) {
  byId("note").textContent = text;
  byId("note").hidden = !text;
  clearTimeout(noteTimer);
  if (!stays) noteTimer = setTimeout(() => { byId("note").hidden = true; }, 2600);
}

/* Stand still at a moment that somebody has chosen. */
function hold() {
  touched();
  setPlaying(false);
}

function stepTime(seconds) {
  hold();
  setTime(state.time + seconds);
}

function stepFrame(step) {
  const frame = state.time * scene().fps;
  hold();
  setTime((step > 0 ? Math.floor(frame + 1e-3) + 1 : Math.ceil(frame - 1e-3) - 1) / scene().fps);
}

function turn(yaw, pitch) {
  touched();
  state.hand.yaw += yaw;
  state.hand.pitch = Math.min(Math.max(state.hand.pitch + pitch, -PITCH[1]), PITCH[1]);
  state.dirty = true;
}

function come(factor) {
  touched();
  state.hand.zoom = Math.min(Math.max(state.hand.zoom * factor, ZOOM[0]), ZOOM[1]);
  state.dirty = true;
}

function nextScene(step) {
  if (scenes.length > 1) setScene(state.scene + step);
}

const KEYS = {
  " ": () => setPlaying(!state.playing), k: () => setPlaying(!state.playing),
  ArrowLeft: (event) => (event.shiftKey ? stepTime(-STEP_S) : stepFrame(-1)),
  ArrowRight: (event) => (event.shiftKey ? stepTime(STEP_S) : stepFrame(1)),
  Home: () => { hold(); setTime(0); }, End: () => { hold(); setTime(scene().last); },
  "+": () => stepSpeed(1), "=": () => stepSpeed(1), "-": () => stepSpeed(-1), _: () => stepSpeed(-1),
  a: () => turn(-TURN, 0), d: () => turn(TURN, 0), w: () => turn(0, TURN), x: () => turn(0, -TURN),
  i: () => come(NEARER), o: () => come(1 / NEARER), r: resetHand,
  l: () => setLoop(!state.loop), f: toggleFull, v: () => openSheet("settings"), s: () => openSheet("save"), "?": showKeys,
  p: () => nextScene(-1), n: () => nextScene(1),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
  if (event.key === "Escape") {
    const open = closeSheets();
    if (open) byId(open).focus();
    return;
  }
  const on = event.target, act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  const own = on.matches("select") || (on.matches("button, summary") && event.key === " ");
  const chooses = on.matches("input:not(#scrub)") && (event.key === " " || event.key.startsWith("Arrow"));
  if (!act || own || chooses) return;
  event.preventDefault();
  act(event);
}

let idleTimer = 0;

/* Full screen hides its controls while nothing happens. */
function awake() {
  byId("player").classList.remove("idle");
  clearTimeout(idleTimer);
  idleTimer = setTimeout(() => byId("player").classList.add("idle"), 2500);
}

function bindControls() {
  const click = (id, act) => byId(id).addEventListener("click", act);
  click("play", () => setPlaying(!state.playing));
  click("big", () => { setPlaying(true); byId("play").focus({ preventScroll: true }); });
  click("loop", () => setLoop(!state.loop));
  click("settings", () => openSheet("settings"));
  click("save", () => openSheet("save"));
  click("help", showKeys);
  click("full", toggleFull);
  click("reset", resetHand);
  click("previous", () => nextScene(-1));
  click("next", () => nextScene(1));
  byId("speed").addEventListener("change", () => setSpeed(Number(byId("speed").value)));
  byId("scrub").addEventListener("input", () => { hold(); setTime(Number(byId("scrub").value)); });
  document.addEventListener("keydown", onKey);
  for (const name of ["pointermove", "pointerdown", "keydown"]) document.addEventListener(name, awake);
  document.addEventListener("pointerdown", (event) => { if (!event.target.closest("#sheet, #downloads, #settings, #save")) closeSheets(); });
  document.addEventListener("fullscreenchange", () => { byId("full").setAttribute("aria-pressed", Boolean(document.fullscreenElement)); state.dirty = true; });
  byId("keys").addEventListener("click", (event) => { if (event.target === byId("keys")) byId("keys").close(); });
}
