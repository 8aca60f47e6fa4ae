/* Cards, filters, playback and the large view. Texts only ever go in as textContent. */
const byId = (id) => document.getElementById(id);
const state = { playing: true, trails: false, speed: 1, time: 0, last: 0, open: null, viewTime: 0, viewPlaying: true };
const cards = [];
let colours = {};

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const words = (name) => (name ? name.replaceAll("_", " ") : "unlabelled");
const seconds = (scene) => (Math.max(...scene.figures.map((f) => f.frames)) / DATA.fps).toFixed(1) + " s";
const grade = (score) => (score >= 0.7 ? "good" : score >= 0.5 ? "fair" : "bad");

function makeCard(scene, number) {
  const card = element("button", "card");
  card.type = "button";
  const canvas = element("canvas");
  canvas.setAttribute("aria-hidden", "true");
  const text = element("span", "text"), head = element("span", "head");
  const score = element("span", "score " + grade(scene.score), scene.score.toFixed(2));
  score.title = "Quality score, 0 to 1";
  head.append(element("span", "action", words(scene.action)), score);
  const caption = element("span", "caption" + (scene.captions.length ? "" : " missing"), scene.captions[0] || "No caption");
  caption.dir = "auto";
  const pair = scene.figures.length > 1 ? ["two people"] : [];
  const meta = element("span", "meta", [scene.source, scene.split, seconds(scene), ...pair].join("  \u00b7  "));
  text.append(head, caption, meta);
  card.append(canvas, text);
  card.addEventListener("click", () => openView(number));
  return { card, canvas, scene, seen: false, shown: true, text: scene.captions.join("\n").toLocaleLowerCase() };
}

function fillSelect(id, values, label) {
  for (const value of values) {
    const option = element("option", "", label(value));
    option.value = value;
    byId(id).append(option);
  }
}

function tally(key) {
  const counts = new Map();
  for (const scene of DATA.scenes) counts.set(scene[key], (counts.get(scene[key]) || 0) + 1);
  return counts;
}

function applyFilters() {
  const want = { source: byId("source").value, action: byId("action").value, split: byId("split").value };
  const least = Number(byId("score").value);
  const search = byId("search").value.trim().toLocaleLowerCase();
  byId("score-out").textContent = least.toFixed(2);
  let shown = 0;
  for (const entry of cards) {
    const { scene } = entry;
    entry.shown = Object.entries(want).every(([key, value]) => !value || scene[key] === value)
      && scene.score >= least && (!search || entry.text.includes(search));
    entry.card.hidden = !entry.shown;
    shown += entry.shown ? 1 : 0;
  }
  byId("count").textContent = shown === 1 ? "1 scene" : shown + " scenes";
  byId("none").hidden = shown > 0;
  byId("none").textContent = cards.length ? "No scene matches. Lower the score or clear a filter." : "This dataset holds no clip. See rejects.parquet for the reasons.";
  drawAll();
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["left", "right", "body", "partner", "floor", "card"]) colours[name] = style.getPropertyValue("--" + name).trim();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  readColours();
  drawAll();
}

function setPlaying(playing) {
  state.playing = playing;
  byId("play").textContent = playing ? "Pause" : "Play";
  byId("play").setAttribute("aria-pressed", String(playing));
}

function setTrails(trails) {
  state.trails = trails;
  byId("trail").setAttribute("aria-pressed", String(trails));
  drawAll();
}

function drawCard(entry) {
  const frames = prepareScene(entry.scene).frames;
  drawScene(entry.canvas, entry.scene, Math.floor(state.time * DATA.fps) % frames, colours, state.trails);
}

function drawAll() {
  for (const entry of cards) if (entry.seen && entry.shown) drawCard(entry);
  if (state.open !== null) drawView();
}

function tick(now) {
  const passed = Math.min(0.1, Math.max(0, (now - state.last) / 1000)) * state.speed;
  state.last = now;
  if (state.open !== null) {
    if (state.viewPlaying) { state.viewTime += passed; drawView(); }
  } else if (state.playing) {
    state.time += passed;
    for (const entry of cards) if (entry.seen && entry.shown) drawCard(entry);
  }
  requestAnimationFrame(tick);
}

/* The large view. */
const scene = () => cards[state.open].scene;
const viewFrames = () => prepareScene(scene()).frames;
const viewFrame = () => Math.floor(state.viewTime * DATA.fps + 1e-6) % viewFrames();

function openView(number) {
  state.open = number;
  state.viewTime = 0;
  setViewPlaying(state.playing);
  const shown = scene();
  byId("view-title").textContent = shown.captions[0] || words(shown.action);
  byId("view-captions").replaceChildren(...shown.captions.slice(1).map((text) => { const item = element("li", "", text); item.dir = "auto"; return item; }));
  byId("view-licence").textContent = "Licence: " + shown.licence;
  const facts = [
    ["Action", words(shown.action)], ["Source", shown.source], ["Split", shown.split + (shown.sft ? ", fine-tuning set" : "")],
    ["Score", shown.score.toFixed(3)], ["Style", shown.style], ["People", shown.subjects.join(", ")],
    ["View", shown.view + " degrees"], ["Captions by", shown.caption_source], ["Scene", shown.id],
  ];
  byId("view-facts").replaceChildren(...facts.filter(([, value]) => value).flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]));
  byId("view-measures").replaceChildren(...shown.measures.flatMap(([name, value, unit]) => [element("span", "", words(name)), element("span", "", Number(value.toPrecision(3)) + (unit && unit !== "1" ? " " + unit : ""))]));
  byId("view-runs").replaceChildren(...shown.figures[0].actions.map(([name, length]) => { const run = element("span", name ? "" : "unknown", words(name)); run.style.flexGrow = length; run.title = words(name); return run; }));
  byId("view-scrub").max = viewFrames() - 1;
  if (!byId("view").open) byId("view").showModal();
  drawView();
}

function setViewPlaying(playing) {
  state.viewPlaying = playing;
  byId("view-play").textContent = playing ? "Pause" : "Play";
}

function drawView() {
  const frame = viewFrame();
  byId("view-scrub").value = frame;
  byId("view-time").textContent = (frame / DATA.fps).toFixed(2) + " of " + seconds(scene());
  drawScene(byId("view-canvas"), scene(), frame, colours, state.trails);
}

function showFrame(frame) {
  setViewPlaying(false);
  state.viewTime = ((frame + viewFrames()) % viewFrames()) / DATA.fps;
  drawView();
}

function moveView(step) {
  const order = cards.map((entry, n) => (entry.shown ? n : -1)).filter((n) => n >= 0);
  if (order.length) openView(order[(order.indexOf(state.open) + step + order.length) % order.length]);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, select, textarea");
  const onButton = event.target.matches("button");
  if (state.open !== null) {
    if (typing && event.key.startsWith("Arrow")) return;
    const act = { " ": () => setViewPlaying(!state.viewPlaying), ArrowLeft: () => showFrame(viewFrame() - 1), ArrowRight: () => showFrame(viewFrame() + 1), n: () => moveView(1), p: () => moveView(-1), t: () => setTrails(!state.trails) }[event.key];
    if (!act || (onButton && event.key === " ")) return;
    event.preventDefault();
    act();
  } else if (!typing) {
    const act = { " ": () => setPlaying(!state.playing), "/": () => byId("search").focus(), t: () => setTrails(!state.trails) }[event.key];
    if (!act || (onButton && event.key === " ")) return;
    event.preventDefault();
    act();
  }
}

function start() {
  const byName = (a, b) => a.localeCompare(b);
  for (const key of ["source", "action"]) {
    const counts = tally(key);
    fillSelect(key, [...counts.keys()].sort(byName), (value) => `${words(value)} (${counts.get(value)})`);
  }
  const splits = tally("split");
  fillSelect("split", DATA.splits.filter((name) => splits.has(name)), (name) => `${name} (${splits.get(name)})`);
  DATA.scenes.forEach((item, number) => cards.push(makeCard(item, number)));
  byId("grid").append(...cards.map((entry) => entry.card));
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  setTheme(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => setTheme(dark.matches ? "dark" : "light"));
  const entries = new Map(cards.map((entry) => [entry.canvas, entry]));
  const observer = new IntersectionObserver((changes) => {
    for (const change of changes) {
      const entry = entries.get(change.target);
      entry.seen = change.isIntersecting;
      if (entry.seen) drawCard(entry);
    }
  }, { rootMargin: "120px" });
  for (const entry of cards) observer.observe(entry.canvas);
  for (const id of ["source", "action", "split", "score", "search"]) byId(id).addEventListener("input", applyFilters);
  byId("bar").addEventListener("submit", (event) => event.preventDefault());
  byId("speed").addEventListener("input", () => { state.speed = Number(byId("speed").value); });
  byId("play").addEventListener("click", () => setPlaying(!state.playing));
  byId("trail").addEventListener("click", () => setTrails(!state.trails));
  byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  byId("view-play").addEventListener("click", () => setViewPlaying(!state.viewPlaying));
  byId("view-scrub").addEventListener("input", () => showFrame(Number(byId("view-scrub").value)));
  byId("view-prev").addEventListener("click", () => moveView(-1));
  byId("view-next").addEventListener("click", () => moveView(1));
  byId("view-close").addEventListener("click", () => byId("view").close());
  byId("view").addEventListener("close", () => { const entry = cards[state.open]; state.open = null; if (entry) entry.card.focus(); });
  byId("view").addEventListener("click", (event) => { if (event.target === byId("view")) byId("view").close(); });
  document.addEventListener("keydown", onKey);
  window.addEventListener("resize", drawAll);
  setPlaying(!window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  applyFilters();
  requestAnimationFrame(tick);
}

start();
