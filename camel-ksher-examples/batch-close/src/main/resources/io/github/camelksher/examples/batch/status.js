// Licensed under the Apache License, Version 2.0: see LICENSE.
'use strict';

const EVERY_MILLIS = 2000;
const PATIENCE_MILLIS = 5000;
const OLD_MILLIS = 10000;
const CHECKS = { journal: 'Journal', ksher: 'Ksher', broker: 'Broker' };

const byId = id => document.getElementById(id);
const number = new Intl.NumberFormat('en');
const time = instant => new Date(instant).toLocaleString();

/** An element with a text or with children. No text is ever read as HTML. */
function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** Makes one node like another. What is the same stays, and with it what somebody has selected. */
function adapt(node, wanted) {
  if (node.nodeName !== wanted.nodeName) {
    node.replaceWith(wanted);
  } else if (node.nodeType === Node.TEXT_NODE) {
    if (node.data !== wanted.data) node.data = wanted.data;
  } else {
    node.getAttributeNames().filter(name => !wanted.hasAttribute(name)).forEach(name => node.removeAttribute(name));
    wanted.getAttributeNames().forEach(name => node.setAttribute(name, wanted.getAttribute(name)));
    adaptChildren(node, [...wanted.childNodes]);
  }
}

function adaptChildren(node, wanted) {
  const there = [...node.childNodes];
  there.slice(wanted.length).forEach(child => child.remove());
  wanted.forEach((child, i) => i < there.length ? adapt(there[i], child) : node.append(child));
}

function fill(id, ...content) {
  adaptChildren(byId(id), [...element('div', '', ...content).childNodes]);
}

function say(id, text) {
  fill(id, text);
  byId(id).hidden = !text;
}

function rows(count) {
  return count === 1 ? '1 row' : number.format(count) + ' rows';
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  if (seconds < 60) return seconds + ' s';
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes + ' min';
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? hours + ' h ' + minutes % 60 + ' min' : Math.floor(hours / 24) + ' days';
}

function tile(name, value) {
  return element('div', '', element('dt', '', name), element('dd', '', value));
}

function outcome(one) {
  return element('li', 'badge ' + one.tone, one.name + ' ' + number.format(one.count));
}

function check(one) {
  const up = one.state === 'UP';
  const tone = !up ? 'person' : one.message ? 'paid' : 'done';
  return element('li', '',
    element('b', '', CHECKS[one.name] ?? one.name),
    element('span', 'badge ' + tone, up ? 'up' : one.state === 'DOWN' ? 'down' : 'not known'),
    ...(one.message ? [element('span', 'soft', one.message)] : []));
}

function batch(one) {
  const settled = one.outcomes.reduce((sum, each) => sum + each.count, 0);
  const card = element('article', 'card',
    element('h3', '', one.name),
    element('p', 'soft', (one.kind === 'LATE' ? 'check for late payments' : one.kind === 'QUEUE' ? 'from a queue' : 'from a file')
      + ', since ' + time(one.since)));
  if (one.state === 'READING') {
    card.append(element('p', '', 'Its file is being read: ' + rows(one.received) + ' so far.'));
    return card;
  }
  if (one.total !== null) {
    const bar = element('progress');
    bar.max = Math.max(1, one.total);
    bar.value = settled;
    bar.setAttribute('aria-label', 'settled rows of ' + one.name);
    card.append(bar);
  }
  const of = one.total === null ? rows(one.received) + '; the total is not known yet' : rows(one.total);
  card.append(element('p', '', number.format(settled) + ' settled of ' + of + '; ' + number.format(one.open) + ' open'));
  if (one.total !== null && one.received < one.total) {
    card.append(element('p', 'soft', rows(one.total - one.received) + ' not here yet'));
  }
  card.append(element('ul', 'outcomes', ...one.outcomes.map(outcome)));
  return card;
}

/** When the rows of what is shown were counted, by the program's clock. */
let countedAt = null;

/** What goes on, in a word. */
function activity(state) {
  return state.notStarted ? 'starting' : state.stopping ? 'stopping' : state.paused ? 'paused' : 'working';
}

/** Why nothing goes on, or not as it should. */
function reasons(state) {
  return [
    state.notStarted && 'Not started yet. ' + state.notStarted,
    state.stopping && 'Stopping: ' + state.stopping + '.',
    state.paused && 'Paused: waiting for Ksher.',
    state.lastFailure && 'The last failure: ' + state.lastFailure
  ].filter(Boolean).join(' ');
}

function show(state) {
  const doing = activity(state);
  document.title = (doing === 'working' ? '' : doing + ' – ') + 'Batch close';
  fill('target', state.target);
  fill('tiles',
    tile('State', doing),
    tile('Settled in this run', number.format(state.outcomes.reduce((sum, one) => sum + one.count, 0))),
    tile('Settled in the last minute', number.format(state.settledInTheLastMinute)),
    tile('Calls in flight', number.format(state.callsInFlight ?? 0)),
    tile('Oldest open batch', duration(state.oldestWaitingSeconds)));
  say('note', reasons(state));
  fill('outcomes', ...state.outcomes.map(outcome));
  if (state.checks) fill('checks', ...state.checks.map(check));
  // Without them the journal cannot be read: what was shown before stays.
  if (state.batches) {
    countedAt = state.countedAt;
    fill('batches', ...(state.batches.length
      ? state.batches.map(batch) : [element('p', 'soft', 'No batch is open.')]));
  }
  const old = countedAt !== null && Date.parse(state.asOf) - Date.parse(countedAt) > OLD_MILLIS;
  say('counted', old ? 'Counted at ' + time(countedAt) + '.' : '');
  byId('as-of').dateTime = state.asOf;
  fill('as-of', time(state.asOf));
}

let awaySince = null;
let timer = 0;

async function update() {
  clearTimeout(timer);
  try {
    const answer = await fetch('observe/status', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MILLIS) });
    if (!answer.ok) throw new Error('status ' + answer.status);
    show(await answer.json());
    awaySince = null;
    say('away', '');
  } catch (e) {
    awaySince ??= new Date();
    say('away', 'The program has not answered since ' + awaySince.toLocaleTimeString() + '. What is shown is older.');
  } finally {
    clearTimeout(timer);
    timer = setTimeout(update, EVERY_MILLIS);
  }
}

// A browser lets the timers of a page that is not seen wait for a minute.
document.addEventListener('visibilitychange', () => document.hidden || update());

update();
