// Keeps an open page fresh. Without it everything is still there: the page then reloads itself.
"use strict";

const live = () => document.getElementById("live");
const contact = document.getElementById("contact");
const asOf = document.getElementById("as-of");
const words = JSON.parse(document.documentElement.dataset.ages);

// The node's clock, carried on by a clock of ours that no one can set.
let nodeNow = Number(document.documentElement.dataset.now);
let readAt = performance.now();
const now = () => nodeNow + performance.now() - readAt;

// Statements come in bursts and a link may be poor: one fetch at a time, and no more often than this.
const FETCH_EVERY_MS = 1500;
// Time alone changes a page too (a check-in is late, an approval lapses), and nobody says so.
const FETCH_ANYWAY_MS = 60000;
const FETCH_PATIENCE_MS = 20000;
const AGES_EVERY_MS = 10000;
const CONNECT_AGAIN_MS = 5000;

// --- times ---

// As Reader.age_text does on the server.
function ageText(instant) {
  const seconds = Math.floor(Math.abs(now() - instant) / 1000);
  const part = (count, unit) => (count ? count + words[count === 1 && unit === "hour" ? "hour_one" : unit] : "");
  let parts;
  if (seconds < 10) return words.now;
  if (seconds < 60) parts = [part(seconds, "second")];
  else if (seconds < 3600) parts = [part(Math.floor(seconds / 60), "minute")];
  else if (seconds < 86400)
    parts = [part(Math.floor(seconds / 3600), "hour"), part(Math.floor((seconds % 3600) / 60), "minute")];
  else parts = [part(Math.floor(seconds / 86400), "day"), part(Math.floor((seconds % 86400) / 3600), "hour")];
  const frame = instant <= now() ? words.past : words.future;
  return frame.replace("{span}", parts.filter(Boolean).join(words.between));
}

const two = (number) => String(number).padStart(2, "0");

function offsetText(date) {
  const minutes = -date.getTimezoneOffset();
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? "−" : "+"}${Math.floor(Math.abs(minutes) / 60)}${rest ? ":" + two(rest) : ""}`;
}

function localText(instant) {
  const date = new Date(instant);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

function writeTimes() {
  for (const age of document.querySelectorAll(".age")) {
    const text = ageText(Number(age.dataset.at));
    if (age.textContent !== text) age.textContent = text;
  }
  const here = new Date(now());
  const clock = document.getElementById("your-clock");
  if (here.getTimezoneOffset() === 0) {
    clock.textContent = "";
    return;
  }
  clock.replaceChildren(clock.dataset.label + " ", isolated(`${localText(now())} (${offsetText(here)})`));
  for (const window of document.querySelectorAll(".local")) {
    const [from, to] = [Number(window.dataset.from), Number(window.dataset.to)];
    window.replaceChildren(isolated(`${localText(from)}–${localText(to)} ${offsetText(new Date(from))}`));
  }
}

function isolated(text) {
  const bdi = document.createElement("bdi");
  bdi.dir = "ltr";
  bdi.textContent = text;
  return bdi;
}

function writeAsOf() {
  const date = new Date(nodeNow);
  const time = asOf.querySelector("time");
  time.dateTime = date.toISOString();
  time.querySelector("bdi").textContent = date.toISOString().slice(11, 19) + " UTC";
}

// --- the session ---

const session = document.getElementById("session");
const until = session === null ? null : session.cloneNode(true);
let locks = session === null ? Infinity : Number(session.dataset.locks);
const ends = session === null ? Infinity : Number(session.dataset.ends);
const LOCKS_SOON_MS = 120000;
const ENDS_SOON_MS = 900000;

// Says before it happens that the screen locks or the session ends. What a locked screen may not show goes from it.
function writeSession() {
  if (session === null || ended) return;
  const said =
    now() >= locks ? texts.sessionLocked
    : now() >= locks - LOCKS_SOON_MS ? texts.sessionLocksSoon
    : now() >= ends - ENDS_SOON_MS ? texts.sessionEndsSoon
    : "";
  session.classList.toggle("behind", said !== "");
  if (said === "") session.replaceChildren(...until.cloneNode(true).childNodes);
  else if (session.textContent !== said) session.textContent = said;
  if (now() >= locks) hide();
}

function hide() {
  if (location.pathname !== "/") live().replaceChildren();
}

// --- fetching ---

let tag = `"${document.documentElement.dataset.tag}"`;
let fetching = false;
let wanted = false;
let lastFetch = -FETCH_EVERY_MS;
let timer = null;

function want() {
  wanted = true;
  if (fetching || timer !== null) return;
  const wait = Math.max(0, lastFetch + FETCH_EVERY_MS - performance.now());
  timer = setTimeout(() => {
    timer = null;
    refresh();
  }, wait);
}

async function refresh() {
  fetching = true;
  wanted = false;
  lastFetch = performance.now();
  const headers = { "Safeconduct-Part": "live", "If-None-Match": tag };
  try {
    const answer = await fetch(location.href, { headers, signal: AbortSignal.timeout(FETCH_PATIENCE_MS) });
    answered = answer.headers.has("Safeconduct-Now");
    if (answer.status === 401) end();
    else if (answered) await take(answer);
  } catch {
    answered = false;
  } finally {
    fetching = false;
    tellContact();
    if (wanted) want();
  }
}

async function take(answer) {
  if (answer.status !== 304) {
    const selection = document.getSelection();
    if (selection !== null && !selection.isCollapsed && live().contains(selection.anchorNode)) {
      wanted = true; // somebody is copying an identifier: later
      return;
    }
    if (live().dataset.still === undefined) put(await answer.text()); // else somebody writes in it
    tag = answer.headers.get("ETag");
  }
  if (answer.headers.has("Safeconduct-Locks")) locks = Number(answer.headers.get("Safeconduct-Locks"));
  nodeNow = Number(answer.headers.get("Safeconduct-Now"));
  readAt = performance.now();
  writeAsOf();
  writeTimes();
}

// Puts the new part in place of the old one; rows that say something new are marked until the next change.
function put(markup) {
  const marks = new Map();
  for (const row of live().querySelectorAll("[data-key]")) marks.set(row.dataset.key, row.dataset.mark);
  const focused = document.activeElement !== null ? document.activeElement.id : "";
  const fresh = new DOMParser().parseFromString(markup, "text/html").getElementById("live");
  if (fresh === null) return;
  live().replaceWith(fresh);
  for (const row of fresh.querySelectorAll("[data-key]"))
    if (marks.size > 0 && marks.get(row.dataset.key) !== row.dataset.mark) row.classList.add("fresh");
  if (focused !== "") document.getElementById(focused)?.focus({ preventScroll: true });
  document.title = fresh.dataset.title;
}

// --- contact ---

const texts = document.body.dataset;
let events = null;
let listening = false; // the node will say when something changes
let answered = true; // it answered last time it was asked
let ended = false;

function tellContact() {
  if (ended) return;
  const state = listening && answered ? "live" : "lost";
  if (contact.dataset.state === state) return;
  contact.dataset.state = state;
  contact.textContent = state === "live" ? texts.live : texts.notLive;
}

function end() {
  ended = true;
  events.close();
  clearInterval(anyway);
  contact.dataset.state = "lost";
  contact.textContent = texts.sessionEnded;
  hide();
}

function connect() {
  if (ended) return;
  events = new EventSource("/v1/events");
  events.addEventListener("open", () => {
    listening = true;
    want();
  });
  events.addEventListener("changed", want);
  events.addEventListener("error", () => {
    listening = false;
    tellContact();
    // The browser tries again by itself unless it was refused; then we ask, and learn whether the session has ended.
    if (events.readyState === EventSource.CLOSED) {
      want();
      setTimeout(connect, CONNECT_AGAIN_MS);
    }
  });
}

const anyway = setInterval(want, FETCH_ANYWAY_MS);
setInterval(writeTimes, AGES_EVERY_MS);
setInterval(writeSession, AGES_EVERY_MS);
addEventListener("online", want);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) want();
});
writeTimes();
connect();
