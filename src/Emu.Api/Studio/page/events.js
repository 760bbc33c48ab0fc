// Follows a job, or a version of an edit, as server-sent events. EventSource cannot send a key, so the stream is read here.

import { send } from './api.js';

const longestPause = 15_000;

/**
 * Follows something to its end, also over lost connections.
 * @param {string} path its path, which has a stream under `/events`
 * @param {(state: object|null) => void} onChange gets it as it is now; null if it is gone
 * @param {AbortSignal} signal ends the following
 */
export async function follow(path, onChange, signal) {
  let lastId = '';
  let pause = 1000;
  while (!signal.aborted) {
    try {
      const response = await send(`${path}/events`, { headers: lastId ? { 'Last-Event-ID': lastId } : {}, signal, background: true });
      if (response.status === 204) return;
      for await (const event of read(response)) {
        lastId = event.id || lastId;
        pause = 1000;
        onChange(JSON.parse(event.data));
        if (lastId === 'end') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 404) {
        onChange(null);
        return;
      }
      if (error.status >= 400 && error.status < 500 && error.status !== 429) throw error;
      pause = Math.min(pause * 2, longestPause);
    }
    await waitOrOnline(pause, signal);
  }
}

async function* read(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = parse(text.slice(0, end));
        text = text.slice(end + 2);
        if (fields.data) yield fields;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parse(block) {
  const fields = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
  }
  return fields;
}

function waitOrOnline(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
