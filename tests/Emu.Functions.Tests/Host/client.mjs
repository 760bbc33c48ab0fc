// What a program does with the official packages openai and standardwebhooks, unchanged, against the Functions app.
// Usage: node client.mjs SCENARIO   (EMU_BASE_URL, EMU_NODE_MODULES in the environment)
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.env.EMU_NODE_MODULES, 'openai', 'package.json'));
const OpenAI = require('openai');
const { Webhook } = require('standardwebhooks');
const client = new OpenAI({ baseURL: process.env.EMU_BASE_URL, apiKey: 'none' });

async function completed(video) {
  for (let looks = 0; video.status === 'queued' || video.status === 'in_progress'; looks++) {
    assert.ok(looks < 600, `still ${video.status} at ${video.progress} %`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    video = await client.videos.retrieve(video.id);
  }
  assert.equal(video.status, 'completed', JSON.stringify(video.error));
  return video;
}

const scenarios = {
  async video() {
    const options = { headers: { 'Idempotency-Key': `key-${Date.now()}` } };
    const request = { prompt: 'a duck', seconds: '4', size: '512x512', seed: 7, formats: ['mp4', 'gif'], metadata: { order: '12', 'with space': 'ä' } };
    const first = await client.videos.create(request, options);
    const second = await client.videos.create(request, options);
    assert.equal(second.id, first.id);
    await assert.rejects(client.videos.create({ ...request, prompt: 'a ghost' }, options), OpenAI.UnprocessableEntityError);

    const done = await completed(first);
    assert.equal(done.progress, 100);
    assert.deepEqual(done.metadata, request.metadata);
    const mp4 = await client.videos.downloadContent(done.id);
    assert.equal(mp4.headers.get('content-type'), 'video/mp4');
    const bytes = Buffer.from(await mp4.arrayBuffer());
    assert.equal(bytes.subarray(4, 8).toString(), 'ftyp');
    assert.equal(bytes.length, Number(mp4.headers.get('content-length')));
    const part = await fetch(`${process.env.EMU_BASE_URL}/videos/${done.id}/content`, { headers: { Range: 'bytes=4-7' } });
    assert.deepEqual([part.status, await part.text()], [206, 'ftyp']);
    const gif = await client.videos.downloadContent(done.id, { variant: 'gif' });
    assert.match(Buffer.from(await gif.arrayBuffer()).subarray(0, 6).toString(), /^GIF89a$/);

    const listed = [];
    for await (const video of client.videos.list({ limit: 2 })) listed.push(video.id);
    assert.ok(listed.includes(done.id));
    assert.deepEqual(await client.videos.delete(done.id), { id: done.id, object: 'video.deleted', deleted: true });
    await assert.rejects(client.videos.retrieve(done.id), OpenAI.NotFoundError);
  },

  async images() {
    const answer = await client.images.generate({ prompt: 'a ghost', n: 2, seed: 5, response_format: 'b64_json' });
    assert.deepEqual(answer.data.map((image) => image.seed), [5, 6]);
    for (const image of answer.data) assert.equal(Buffer.from(image.b64_json, 'base64').subarray(1, 4).toString(), 'PNG');
    const linked = await client.images.generate({ prompt: 'a ghost', seed: 5, response_format: 'url' });
    const file = await fetch(linked.data[0].url);
    assert.equal(file.headers.get('content-type'), 'image/png');
  },

  async webhook() {
    let deliver;
    const delivery = new Promise((resolve) => { deliver = resolve; });
    const receiver = createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => { response.writeHead(204).end(); deliver({ headers: request.headers, body: Buffer.concat(parts).toString() }); });
    });
    await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${receiver.address().port}/hook`;
    const endpoint = await client.post('/webhook_endpoints', { body: { url, events: ['video.completed'] } });

    const video = await client.videos.create({ prompt: 'a duck', seed: 8 });
    const { headers, body } = await delivery;
    const event = new Webhook(endpoint.secret).verify(body, headers);
    assert.deepEqual([event.type, event.data.id], ['video.completed', video.id]);
    assert.equal((await client.webhooks.unwrap(body, headers, endpoint.secret)).type, 'video.completed');
    assert.throws(() => new Webhook(endpoint.secret).verify(`${body} `, headers));
    await client.post(`/webhook_endpoints/${endpoint.id}/deactivate`);
    receiver.close();
  },
};

await scenarios[process.argv[2]]();
