/* Rows, filters and the clock. Texts only ever go in as textContent. */
const byId = (id) => document.getElementById(id);
const REDRAW_MS = 30;
const SCORE = "quality_score";
const state = { playing: true, speed: 1, frame: 0, last: 0, ghost: false, look: null, drawn: 0, hidden: new Set(DATA.columns.flatMap((column, n) => (column.folded ? [n] : []))) };
const rows = [];

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const words = (name) => name.replaceAll("_", " ");
const colourOf = (column) => (DATA.columns[column].kind === "real" ? "real" : "c" + (column % 8));
const models = DATA.columns.map((_, n) => n).filter((n) => DATA.columns[n].kind === "model" && !DATA.columns[n].fault);
const scoresOf = (cells) => models.map((n) => cells[n].measures[SCORE]);

function makeDot(column) { return element("i", "dot " + colourOf(column)); }

function makeCell(row, column) {
  const { label, fault, kind } = DATA.columns[column], data = row.data[column];
  const name = element("span", "label");
  name.append(makeDot(column), element("span", "name", label));
  name.lastChild.dir = "auto";
  if (!data) {
    const cell = element("div", "cell empty");
    cell.append(element("p", "", fault || "No clip of this kind."), name);
    return { cell, column };
  }
  const cell = element("button", "cell" + (kind === "real" ? " is-real" : ""));
  cell.type = "button";
  const canvas = element("canvas"), score = data.measures[SCORE];
  canvas.setAttribute("aria-hidden", "true");
  const mark = element("span", "score" + (score < DATA.gate ? " low" : ""), data.finite ? score.toFixed(2) : "not finite");
  mark.title = "Quality score, 0 to 1";
  name.append(mark);
  cell.append(canvas, name);
  cell.setAttribute("aria-label", `${label}: quality ${score.toFixed(2)}. Enlarge.`);
  cell.addEventListener("click", () => openView(row.number, column));
  return { cell, column, canvas };
}

function makeRow(prompt, number) {
  const node = element("article", "row"), head = element("header"), tags = element("span", "tags small");
  const title = element("h2", "", prompt.text);
  title.dir = "auto";
  const told = [prompt.action && words(prompt.action), prompt.unseen && "unseen wording", prompt.differ !== null && `differ ${prompt.differ.toFixed(2)} H`];
  tags.append(...told.filter(Boolean).map((text) => element("span", "", text)));
  head.append(title, tags);
  const row = { number, prompt, node, data: DATA.cells[number], seen: false, shown: true };
  row.cells = DATA.columns.map((_, column) => makeCell(row, column));
  row.grid = element("div", "cells");
  row.grid.append(...row.cells.map((cell) => cell.cell));
  node.append(head, row.grid);
  const scores = scoresOf(row.data);
  row.low = Math.min(...scores);
  row.change = Math.max(...scores.map((score) => Math.abs(score - scores[0])));
  row.text = (prompt.text + "\n" + words(prompt.action)).toLocaleLowerCase();
  return row;
}

function prepared(row) {
  if (!row.figures) {
    row.figures = row.data.map((cell) => cell && decodeScene(cell.scene));
    row.frame = frameRow(row.figures.filter(Boolean));
  }
  return row;
}

const FRAMES = Math.max(1, ...DATA.cells.flat().map((cell) => (cell ? cell.scene.frames : 1)));
const wrapFrame = (frame) => ((frame % FRAMES) + FRAMES) % FRAMES;
const now = () => Math.floor(wrapFrame(state.frame) + 1e-6);
const seconds = () => wrapFrame(state.frame) / DATA.fps;
const ghostOf = (row, column) => (state.ghost && column !== models[0] ? row.figures[models[0]] : null);

function drawRow(row) {
  prepared(row);
  for (const { canvas, column } of row.cells) {
    if (canvas && !state.hidden.has(column)) drawCell(canvas, row.figures[column], seconds(), { frame: row.frame, look: state.look, ghost: ghostOf(row, column) });
  }
}

function drawAll() {
  for (const row of rows) if (row.seen && row.shown) drawRow(row);
  if (view.open) drawView();
}

const ORDERS = {
  given: (a, b) => a.number - b.number,
  differ: (a, b) => (b.prompt.differ ?? -1) - (a.prompt.differ ?? -1),
  change: (a, b) => b.change - a.change,
  low: (a, b) => a.low - b.low,
  action: (a, b) => (a.prompt.action || "~").localeCompare(b.prompt.action || "~"),
};

const shownRows = () => [...rows].sort((a, b) => ORDERS[byId("order").value](a, b) || a.number - b.number).filter((row) => row.shown);

function applyFilters() {
  const search = byId("search").value.trim().toLocaleLowerCase(), show = byId("show").value;
  for (const row of rows) {
    const kind = !show || (show === "unseen" ? row.prompt.unseen : row.low < DATA.gate);
    row.shown = kind && (!search || row.text.includes(search));
    row.node.hidden = !row.shown;
  }
  const shown = shownRows();
  byId("rows").append(...shown.map((row) => row.node));
  byId("count").textContent = shown.length === 1 ? "1 prompt" : shown.length + " prompts";
  byId("none").hidden = shown.length > 0;
  drawAll();
}

function makeChip(column, onClick) {
  const chip = element("button");
  chip.type = "button";
  chip.append(makeDot(column), element("span", "", DATA.columns[column].label));
  chip.lastChild.dir = "auto";
  chip.addEventListener("click", () => onClick(column));
  return chip;
}

function showColumns() {
  const shown = DATA.columns.length - state.hidden.size;
  byId("rows").style.setProperty("--columns", String(Math.max(shown, 3)));
  byId("rows").style.setProperty("--few", shown === 1 ? "1" : "2");
  [...byId("chips").children].forEach((chip, column) => chip.setAttribute("aria-pressed", String(!state.hidden.has(column))));
  for (const row of rows) for (const { cell, column } of row.cells) cell.hidden = state.hidden.has(column);
  drawAll();
}

function toggleColumn(column) {
  if (!state.hidden.delete(column) && state.hidden.size < DATA.columns.length - 1) state.hidden.add(column);
  showColumns();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  state.look = DATA.looks[theme];
  drawAll();
}

function setPlaying(playing) {
  state.playing = playing;
  for (const id of ["play", "view-play"]) {
    byId(id).textContent = playing ? "Pause" : "Play";
    byId(id).setAttribute("aria-pressed", String(playing));
  }
}

function setGhost(ghost) {
  state.ghost = ghost;
  for (const id of ["ghost", "view-ghost"]) byId(id).setAttribute("aria-pressed", String(ghost));
  drawAll();
}

function showFrame(frame) {
  setPlaying(false);
  state.frame = wrapFrame(frame);
  drawAll();
}

function tick(time) {
  const passed = Math.min(0.1, Math.max(0, (time - state.last) / 1000)) * state.speed;
  state.last = time;
  if (state.playing) {
    state.frame = wrapFrame(state.frame + passed * DATA.fps);
    if (view.open) {
      drawView();
    } else if (time - state.drawn > REDRAW_MS) {
      state.drawn = time;
      drawAll();
    }
  }
  requestAnimationFrame(tick);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input[type=search], select, summary"), onButton = event.target.matches("button");
  if (typing || (onButton && event.key === " ")) return;
  if (event.target.matches("input[type=range]") && event.key.startsWith("Arrow")) return;
  const act = {
    " ": () => setPlaying(!state.playing), ArrowLeft: () => showFrame(now() - 1), ArrowRight: () => showFrame(now() + 1),
    g: () => setGhost(!state.ghost), ...(view.open ? viewKeys(event.key) : { "/": () => byId("search").focus() }),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function watchRows() {
  const byNode = new Map(rows.map((row) => [row.node, row]));
  const observer = new IntersectionObserver((changes) => {
    for (const change of changes) {
      const row = byNode.get(change.target);
      row.seen = change.isIntersecting;
      if (row.seen && row.shown) drawRow(row);
    }
  }, { rootMargin: "160px" });
  for (const row of rows) observer.observe(row.node);
}

function start() {
  DATA.prompts.forEach((prompt, number) => rows.push(makeRow(prompt, number)));
  byId("rows").append(...rows.map((row) => row.node));
  byId("chips").append(...DATA.columns.map((_, column) => makeChip(column, toggleColumn)));
  byId("chips").hidden = DATA.columns.length < 2;
  if (models.length < 2) { for (const id of ["ghost", "view-ghost"]) byId(id).hidden = true; for (const value of ["differ", "change"]) byId("order").querySelector(`[value=${value}]`).remove(); }
  if (!DATA.prompts.some((prompt) => prompt.unseen)) byId("show").querySelector("[value=unseen]").remove();
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  startView();
  setTheme(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => setTheme(dark.matches ? "dark" : "light"));
  byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  for (const id of ["search", "show", "order"]) byId(id).addEventListener("input", applyFilters);
  byId("bar").addEventListener("submit", (event) => event.preventDefault());
  byId("speed").addEventListener("input", () => { state.speed = Number(byId("speed").value); });
  for (const id of ["play", "view-play"]) byId(id).addEventListener("click", () => setPlaying(!state.playing));
  for (const id of ["ghost", "view-ghost"]) byId(id).addEventListener("click", () => setGhost(!state.ghost));
  document.addEventListener("keydown", onKey);
  window.addEventListener("resize", drawAll);
  setPlaying(!window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  showColumns();
  applyFilters();
  watchRows();
  requestAnimationFrame(tick);
}

start();
