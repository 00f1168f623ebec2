// Keeps what is typed into the form of a task: at the office as a draft, and on this device, encrypted,
// until it is sent. Without this file the page works by its buttons.
const HOME = "/tasks/";
const line = document.querySelector("[data-states]");
const form = document.querySelector("form[data-task]");
const list = document.querySelector("[data-drafts]");
const compared = document.querySelector("[data-compared]");
const account = (form || list || compared).dataset.account;
const JSON_ONLY = { Accept: "application/json" };
const PAGE_ONLY = ["csrfmiddlewaretoken", "base", "key", "action", "save"];

function say(state, more = "") {
  line.hidden = false;
  line.textContent = line.dataset[state] + more;
  line.classList.toggle("late", ["conflict", "wrong", "gone", "other", "unsent"].includes(state));
}

// ---- the store: records encrypted under a key that never leaves this device and dies at log-out ----
const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});
function opened() {
  const request = indexedDB.open("tasks", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("drafts", { keyPath: "id" });
  };
  return asked(request);
}
let db;
const store = (name, mode = "readonly") => db.transaction(name, mode).objectStore(name);
// A write has happened when its transaction is complete: a page that is left before undoes it.
const written = (name, write) => new Promise((done, failed) => {
  const all = db.transaction(name, "readwrite");
  all.oncomplete = done;
  all.onabort = all.onerror = () => failed(all.error);
  write(all.objectStore(name));
});

// One key however many ask for it at once: what is locked under a key that another replaced is lost.
let keyAsked;
const key = () => (keyAsked ??= oneKey());
async function oneKey() {
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await written("keys", (keys) => {
    const there = keys.get(account);
    there.onsuccess = () => there.result || keys.put(made, account);
  });
  return asked(store("keys").get(account));
}
async function locked(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), bytes) };
}
const unlocked = async ({ iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), data);

async function put(record, held) {
  const { files, ...said } = record;
  const sealed = await locked(new TextEncoder().encode(JSON.stringify({ ...said, files: files.map(({ bytes, ...rest }) => rest) })));
  const contents = {};
  for (const file of files) contents[file.key] = held?.contents[file.key] || (await locked(file.bytes));
  await written("drafts", (drafts) => drafts.put({ id: record.id, account, sealed, contents }));
}
async function get(id) {
  const held = await asked(store("drafts").get(id));
  if (!held || held.account !== account) return null;
  try {
    return { ...JSON.parse(new TextDecoder().decode(await unlocked(held.sealed))), held };
  } catch {
    await drop(id); // of a log-in whose key is gone
    return null;
  }
}
const change = ({ held, ...record }, changes) => put({ ...record, ...changes }, held);
const drop = (id) => written("drafts", (drafts) => drafts.delete(id));
async function all() {
  const ids = await asked(store("drafts").getAllKeys());
  return (await Promise.all(ids.map(get))).filter(Boolean);
}
async function forget(whose) {
  for (const each of await asked(store("drafts").getAll())) if (!whose || each.account !== whose) await drop(each.id);
  for (const each of await asked(store("keys").getAllKeys())) if (!whose || each !== whose) await written("keys", (keys) => keys.delete(each));
  if (!whose && window.caches) for (const name of await caches.keys()) if (name.startsWith("tasks-")) await caches.delete(name);
}

// ---- sending: files first, then the answers; each under a key of its own, so that twice is once ----
function body(record, more) {
  const data = new FormData();
  for (const [name, value] of [...record.fields, ...Object.entries(more)]) data.append(name, value);
  return data;
}
async function post(url, data, token) {
  return fetch(url, { method: "POST", body: data, headers: { ...JSON_ONLY, "X-CSRFToken": token }, redirect: "manual" });
}
async function ready() {
  const answer = await fetch(HOME + "ready", { headers: JSON_ONLY, redirect: "manual" });
  return answer.ok ? answer.json() : null;
}
async function sendFiles(record, token) {
  for (const file of [...record.files]) {
    const data = new FormData();
    data.append("question", file.question);
    data.append("key", file.key);
    data.append("file", new File([await unlocked(record.held.contents[file.key])], file.name, { type: file.type }));
    const answer = await post(record.add, data, token);
    if (answer.status >= 500) throw new Error("later");
    if (!answer.ok) return outcome(record, answer);
    record.files = record.files.filter((each) => each !== file);
    await change(record, {});
  }
  return null;
}
const leads = (record) => form && record.id === form.dataset.task;
async function send(record, token) {
  const refused = await sendFiles(record, token);
  if (refused) return refused;
  const extra = record.action ? { action: record.action } : { save: "1" };
  if (leads(record)) extra.leads = "1"; // what was done is said on the page that this one leads to
  const answer = await post(record.url, body(record, { ...extra, base: record.base, key: record.key }), token);
  if (answer.status >= 500) throw new Error("later");
  if (!answer.ok) return outcome(record, answer);
  await drop(record.id);
  return { state: "kept", ...(await answer.json()) };
}
async function outcome(record, answer) {
  const said = await answer.json().catch(() => ({}));
  const state = answer.status === 410 || answer.status === 404 ? "gone" : answer.status === 409 && !said.message ? "conflict" : "wrong";
  const words = (said.errors || []).map((each) => each.message).concat(said.message || []).join(" ");
  await change(record, { state, words });
  return { state, words };
}
// A connection that has just come back may not carry the first request yet.
let later = 0;
function again() {
  clearTimeout(later);
  later = setTimeout(() => navigator.onLine && flush(), 5000);
}
async function flush() {
  const run = async () => {
    const waiting = (await all()).filter((each) => each.state === "send").sort((a, b) => a.at - b.at);
    if (!waiting.length) return;
    const session = await ready().catch(() => null);
    if (!session) { again(); return void say("waiting"); }
    if (session.account !== account) return void say("other");
    for (const record of waiting) {
      say("sending");
      try {
        const done = await send(record, session.token);
        if (leads(record) && done.next) return void location.assign(done.next);
        say(done.state, done.words || done.message || "");
        if (form && done.revision) form.elements.base.value = done.revision;
      } catch { again(); say("waiting"); }
    }
    if (list) await show();
  };
  return navigator.locks ? navigator.locks.request("tasks-flush", run) : run();
}

// ---- the page of a task ----
const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !PAGE_ONLY.includes(name));
// One after the other: what was read before another wrote would undo it.
let last = Promise.resolve();
const inTurn = (work) => (last = last.then(work, work));
const record = (changes) => inTurn(() => recorded(changes));
async function recorded(changes) {
  const before = await get(form.dataset.task);
  const kept = before || { id: form.dataset.task, files: [] };
  const now = { base: form.elements.base.value, fields: fields(), name: form.dataset.name, url: form.getAttribute("action"),
    add: form.dataset.add, at: Date.now(), state: "draft", ...changes };
  await change({ ...kept, key: kept.key || crypto.randomUUID() }, now);
}
async function autosave() {
  await record({});
  say("here");
  if (!navigator.onLine) return;
  try {
    const data = body({ fields: fields() }, { save: "1", base: form.elements.base.value });
    const answer = await post(form.getAttribute("action"), data, form.elements.csrfmiddlewaretoken.value);
    if (answer.status === 409) return void conflict();
    if (!answer.ok) return;
    form.elements.base.value = (await answer.json()).revision;
    const kept = await get(form.dataset.task);
    if (kept?.state !== "draft") return; // it was sent meanwhile
    if (kept.files.length) await record({});
    else await drop(kept.id);
    say("kept");
  } catch { say("here"); }
}
let waits = 0, differs = false;
function conflict() { differs = true; say("conflict"); }
function fill({ fields: kept, base }) {
  const values = new Map();
  for (const [name, value] of kept) values.set(name, [...(values.get(name) || []), value]);
  for (const each of form.elements) {
    if (!each.name || PAGE_ONLY.includes(each.name) || each.type === "file" || each.tagName === "BUTTON") continue;
    const given = values.get(each.name) || [];
    if (each.type === "radio" || each.type === "checkbox") each.checked = given.includes(each.value);
    else if (values.has(each.name)) each.value = given.shift() ?? "";
  }
  form.elements.base.value = base;
}
function names(kept) {
  for (const each of form.querySelectorAll(".here")) each.remove();
  for (const file of kept ? kept.files : []) {
    const input = form.querySelector(`input[type=file][name="${file.question}"]`);
    const note = Object.assign(document.createElement("p"), { className: "here", textContent: line.dataset.photos + file.name });
    input?.after(note);
  }
}
async function take(input) {
  const kept = (await get(form.dataset.task)) || { files: [] };
  const added = await Promise.all([...input.files].map(async (file) => ({
    key: crypto.randomUUID(), question: input.name, name: file.name, type: file.type, bytes: await file.arrayBuffer() })));
  const others = input.multiple ? kept.files : kept.files.filter((each) => each.question !== input.name);
  await record({ files: [...others, ...added] });
  input.value = "";
  names(await get(form.dataset.task));
  say("here");
}
async function begin() {
  const kept = await get(form.dataset.task);
  if (kept) {
    fill(kept);
    names(kept);
    say(kept.state === "draft" || kept.state === "send" ? "restored" : kept.state, kept.words || "");
    differs = kept.state === "conflict";
  }
  form.addEventListener("change", (event) => { if (event.target.type === "file") take(event.target); });
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(waits);
    waits = setTimeout(autosave, 700);
  });
  form.addEventListener("submit", async (event) => {
    const pressed = event.submitter;
    clearTimeout(waits);
    if (!pressed || !["action", "save", "sign"].includes(pressed.name)) return;
    event.preventDefault();
    if (differs || pressed.name === "sign") return void compare(pressed);
    say("sending"); // not what was said of another form: until it says so, nothing is kept yet
    await record({ state: "send", action: pressed.name === "action" ? pressed.value : "" });
    await flush();
    const left = await get(form.dataset.task);
    differs = left?.state === "conflict";
    names(left);
  });
}
// Whoever waits for an answer does not hear of the first request that got lost.
async function reached(tries = 3) {
  const session = await ready().catch(() => null);
  if (session || tries === 1 || !navigator.onLine) return session;
  await new Promise((done) => setTimeout(done, 1000));
  return reached(tries - 1);
}
// The office's page shows both answers beside each other; photos go there first.
async function compare(pressed) {
  await record({});
  try {
    const session = await reached(), kept = await get(form.dataset.task);
    if (session?.account !== account || (await sendFiles(kept, session.token))) return void say(session ? "wrong" : "unreached");
  } catch { return void say("unreached"); }
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value }));
  form.submit();
}

// ---- what this device has not sent yet ----
async function show() {
  const waiting = await all();
  list.hidden = !waiting.length;
  list.querySelector("ul").replaceChildren(...waiting.map((each) => {
    const item = document.createElement("li"), link = Object.assign(document.createElement("a"), { href: each.url, textContent: each.name });
    const state = each.state === "draft" ? "here" : each.state === "send" ? "waiting" : each.state;
    item.append(link, Object.assign(document.createElement("span"), { className: "soft small", textContent: ` ${line.dataset[state]}${each.words || ""}` }));
    if (state === "gone") {
      const away = Object.assign(document.createElement("button"), { className: "link", type: "button", textContent: line.dataset.drop });
      away.addEventListener("click", () => drop(each.id).then(show));
      item.append(away);
    }
    return item;
  }));
}

async function main() {
  db = await opened();
  await forget(account);
  watchLogOut();
  if (compared) await drop(compared.dataset.compared); // all of it stands on this page
  if (form) await begin();
  if (list) await show();
  addEventListener("online", flush);
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(HOME + "worker.js", { scope: HOME }).catch(() => {});
    navigator.serviceWorker.ready.then((worker) => worker.active.postMessage(location.pathname));
  }
  await flush();
}
function watchLogOut() {
  for (const button of document.querySelectorAll('form[action$="/logout"]')) {
    let warned = false;
    button.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!warned && (await all()).length) { warned = true; return void say("unsent"); }
      await forget("");
      button.submit();
    });
  }
}
// Elsewhere (an old browser, a connection without TLS) the buttons of the page do everything.
if (isSecureContext && window.indexedDB) main();
