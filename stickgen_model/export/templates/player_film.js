/* The scene as a film: every frame encoded by the browser, put into a WebM file. */
const FILM_CODECS = [["vp8", "V_VP8"], ["vp09.00.31.08", "V_VP9"]];
const CLUSTER_S = 2, MOST_WAITING = 6;

function uint(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function double(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

/* An element of EBML (RFC 8794): its id, its size in eight bytes, what it holds. */
function ebml(id, ...parts) {
  const held = parts.map((part) => (typeof part === "string" ? new TextEncoder().encode(part) : part));
  const size = uint(held.reduce((sum, part) => sum + part.length, 0));
  size[0] = 0x01;
  const head = [];
  for (let rest = id; rest; rest = Math.floor(rest / 256)) head.unshift(rest % 256);
  return joined([Uint8Array.from(head), size, ...held]);
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

/* `blocks`: {ms, key, data}; a cluster begins at each key frame. */
function webm(blocks, { width, height, codec, milliseconds }) {
  const head = ebml(0x1a45dfa3, ebml(0x4286, uint(1)), ebml(0x42f7, uint(1)), ebml(0x42f2, uint(4)), ebml(0x42f3, uint(8)), ebml(0x4282, "webm"), ebml(0x4287, uint(4)), ebml(0x4285, uint(2)));
  const info = ebml(0x1549a966, ebml(0x2ad7b1, uint(1e6)), ebml(0x4489, double(milliseconds)), ebml(0x4d80, "StickGen"), ebml(0x5741, "StickGen"));
  const video = ebml(0xe0, ebml(0xb0, uint(width)), ebml(0xba, uint(height)));
  const tracks = ebml(0x1654ae6b, ebml(0xae, ebml(0xd7, uint(1)), ebml(0x73c5, uint(1)), ebml(0x83, uint(1)), ebml(0x86, codec), video));
  const groups = [];
  for (const block of blocks) {
    if (block.key || !groups.length) groups.push([]);
    groups[groups.length - 1].push(block);
  }
  const clusters = groups.map((group) => ebml(0x1f43b675, ebml(0xe7, uint(group[0].ms)), ...group.map((block) => {
    const late = block.ms - group[0].ms;
    return ebml(0xa3, Uint8Array.of(0x81, late >> 8, late & 255, block.key ? 0x80 : 0), block.data);
  })));
  // an index of the clusters; its own length does not depend on what it says
  const index = (places) => ebml(0x1c53bb6b, ...groups.map((group, n) => ebml(0xbb, ebml(0xb3, uint(group[0].ms)), ebml(0xb7, ebml(0xf7, uint(1)), ebml(0xf1, uint(places[n]))))));
  let at = info.length + tracks.length + index(groups.map(() => 0)).length;
  const places = clusters.map((cluster) => { const place = at; at += cluster.length; return place; });
  return joined([head, ebml(0x18538067, info, tracks, index(places), ...clusters)]);
}

/* Settings of an encoder that this browser has, or null. */
async function filmSettings(canvas) {
  if (typeof VideoEncoder === "undefined") return null;
  const { width, height } = canvas;
  for (const [codec, name] of FILM_CODECS) {
    const settings = { codec, width, height, framerate: DATA.options.fps, bitrate: Math.round(7 * width * height) };
    const able = await VideoEncoder.isConfigSupported(settings).catch(() => null);
    if (able?.supported) return { settings, name };
  }
  return null;
}

/* Encode all of the scene; `going` is asked before each frame. The page stays alive meanwhile. */
async function makeFilm(canvas, { settings, name }, going) {
  const film = scene(), fps = DATA.options.fps, blocks = [];
  const count = Math.max(1, Math.round(film.seconds * fps));
  let fault = null;
  const encoder = new VideoEncoder({
    output: (chunk) => { const data = new Uint8Array(chunk.byteLength); chunk.copyTo(data); blocks.push({ ms: Math.round(chunk.timestamp / 1000), key: chunk.type === "key", data }); },
    error: (error) => { fault = error; },
  });
  encoder.configure(settings);
  const options = { ...state.options }, hand = { ...state.hand };
  for (let k = 0; k < count && !fault; k++) {
    if (!going(k / count)) { encoder.close(); return null; }
    const time = Math.min(k / fps, film.last);
    drawPicture(canvas, film, time, byHand(viewAt(film, time, options.camera), hand), options);
    onPaper(canvas, options);
    const frame = new VideoFrame(canvas, { timestamp: Math.round((k * 1e6) / fps), duration: Math.round(1e6 / fps) });
    encoder.encode(frame, { keyFrame: k % Math.round(CLUSTER_S * fps) === 0 });
    frame.close();
    do await new Promise((done) => setTimeout(done)); while (encoder.encodeQueueSize > MOST_WAITING && !fault);
  }
  if (!fault) await encoder.flush();
  if (fault) throw fault;
  encoder.close();
  return new Blob([webm(blocks, { width: settings.width, height: settings.height, codec: name, milliseconds: (1000 * count) / fps })], { type: "video/webm" });
}

/* Films of this kind have no clear parts: the paper of the look is put behind. */
function onPaper(canvas, options) {
  const context = canvas.getContext("2d");
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = css(DATA.looks[options.look].page);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = "source-over";
}
