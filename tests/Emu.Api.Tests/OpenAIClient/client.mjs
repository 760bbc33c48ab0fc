// What a program does with the official openai package, unchanged: only a base address and a key are given.
// Usage: node client.mjs SCENARIO   (EMU_BASE_URL, EMU_API_KEY, EMU_NODE_MODULES in the environment)
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(process.env.EMU_NODE_MODULES, 'openai', 'package.json'));
const OpenAI = require('openai');
const client = new OpenAI({ baseURL: process.env.EMU_BASE_URL, apiKey: process.env.EMU_API_KEY, maxRetries: Number(process.env.EMU_RETRIES ?? 2) });

// A red 8 by 8 PNG.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mP4z8CAFTEMLQkAKP8/wc53yE8AAAAASUVORK5CYII=', 'base64');

// A 16 by 16 PNG, white on the left and blue on the right.
const photo = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAGElEQVR42mP4jwNoRC3AihhGNYxqGL4aANT+D5+6UvCbAAAAAElFTkSuQmCC', 'base64');

async function ended(video) {
  for (let looks = 0; video.status === 'queued' || video.status === 'in_progress'; looks++) {
    assert.ok(looks < 600, `still ${video.status} at ${video.progress} %`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    video = await client.videos.retrieve(video.id);
  }
  return video;
}

async function completed(video) {
  video = await ended(video);
  assert.equal(video.status, 'completed', JSON.stringify(video.error));
  return video;
}

async function bytesOf(response) {
  return Buffer.from(await response.arrayBuffer());
}

const scenarios = {
  async create() {
    const video = await client.videos.create({ prompt: 'a red fox', seconds: '4', size: '64x64', seed: 7, formats: ['mp4', 'gif'], metadata: { order: '12', 'with space': 'ä' } });
    assert.match(video.id, /^video_[0-9a-f]{32}$/);
    assert.equal(video.object, 'video');
    assert.ok(['queued', 'in_progress'].includes(video.status));
    assert.equal(video.prompt, 'a red fox');
    assert.equal(video.seconds, '4');
    assert.equal(video.size, '64x64');
    assert.equal(video.seed, 7);
    assert.deepEqual(video.metadata, { order: '12', 'with space': 'ä' });
    assert.ok(Math.abs(video.created_at - Date.now() / 1000) < 60);

    const done = await completed(video);
    assert.equal(done.progress, 100);
    assert.ok(done.completed_at >= done.created_at && done.expires_at > done.completed_at);
    assert.equal(done.error, null);
    assert.equal(done.remixed_from_video_id, null);
  },

  async download() {
    const video = await completed(await client.videos.create({ prompt: 'a red fox', formats: ['mp4', 'gif', 'webp', 'apng'] }));
    const mp4 = await client.videos.downloadContent(video.id);
    assert.equal(mp4.headers.get('content-type'), 'video/mp4');
    assert.equal((await bytesOf(mp4)).subarray(4, 8).toString(), 'ftyp');
    const kinds = { thumbnail: /^image\//, spritesheet: /^image\//, gif: /^image\/gif$/, webp: /^image\/webp$/, apng: /^image\/(a)?png$/ };
    for (const [variant, type] of Object.entries(kinds)) {
      const response = await client.videos.downloadContent(video.id, { variant });
      assert.match(response.headers.get('content-type'), type, variant);
      assert.ok((await bytesOf(response)).length > 20, variant);
    }
  },

  async file() {
    const video = await client.videos.create({ prompt: '', input_reference: new File([png], 'red.png', { type: 'image/png' }) });
    assert.equal((await completed(video)).prompt, '');
  },

  async dataUrl() {
    const video = await client.videos.create({ prompt: 'wave', input_reference: { image_url: `data:image/png;base64,${png.toString('base64')}` } });
    await completed(video);
  },

  async list() {
    const ids = [];
    for (let index = 0; index < 5; index++) ids.push((await client.videos.create({ prompt: `number ${index}` })).id);
    const newest = [];
    for await (const video of client.videos.list({ limit: 2 })) newest.push(video.id);
    const oldest = [];
    for await (const video of client.videos.list({ limit: 2, order: 'asc' })) oldest.push(video.id);
    assert.deepEqual(newest.slice(0, 5), ids.toReversed());
    assert.deepEqual(oldest.slice(-5), ids);
    assert.deepEqual(newest, oldest.toReversed());
  },

  async remix() {
    const video = await completed(await client.videos.create({ prompt: 'a red fox', seed: 7 }));
    const remix = await client.videos.remix(video.id, { prompt: 'a blue fox' });
    assert.equal(remix.remixed_from_video_id, video.id);
    assert.equal(remix.prompt, 'a blue fox');
    assert.equal(remix.seed, 7);
    await completed(remix);
    await assert.rejects(client.videos.remix(video.id, { prompt: ' ' }), (error) => error instanceof OpenAI.BadRequestError && error.param === 'prompt');
  },

  async delete() {
    const video = await client.videos.create({ prompt: 'a red fox' });
    assert.deepEqual(await client.videos.delete(video.id), { id: video.id, object: 'video.deleted', deleted: true });
    await assert.rejects(client.videos.retrieve(video.id), OpenAI.NotFoundError);
  },

  async errors() {
    const refused = async (body, param, code) =>
      assert.rejects(client.videos.create(body), (error) => {
        assert.ok(error instanceof OpenAI.BadRequestError, `${error}`);
        assert.deepEqual([error.param, error.code, error.type], [param, code, 'invalid_request_error']);
        assert.ok(error.requestID);
        return true;
      });
    await refused({ prompt: '' }, 'prompt', 'missing_required_parameter');
    await refused({ prompt: 'a', colour: 'red' }, 'colour', 'unknown_parameter');
    await refused({ prompt: 'a', size: '1280x720' }, 'size', 'invalid_value');
    await refused({ prompt: 'a', seconds: '12' }, 'seconds', 'invalid_value');
    await refused({ prompt: 'a', model: 'sora-2' }, 'model', 'model_not_found');
    await refused({ prompt: 'a', steps: 'many' }, 'steps', 'invalid_type');
    await refused({ prompt: 'a', input_reference: { file_id: 'file_1' } }, 'input_reference.file_id', 'unsupported_parameter');
    await refused({ prompt: 'a', input_reference: { image_url: 'https://example.com/a.png' } }, 'input_reference.image_url', 'unsupported_url');
    await refused({ prompt: 'a', input_reference: new File(['no picture'], 'a.png') }, 'input_reference', 'picture_format_unsupported');
    await assert.rejects(client.videos.retrieve('video_0'), OpenAI.NotFoundError);
    await assert.rejects(client.videos.edit({ prompt: 'a', video: { id: 'video_0' } }), (error) => error instanceof OpenAI.NotFoundError && error.code === 'unknown_url');
    await assert.rejects(client.chat.completions.create({ model: 'sketch', messages: [] }), (error) => error instanceof OpenAI.NotFoundError && error.code === 'unknown_url');
  },

  async idempotency() {
    const options = { headers: { 'Idempotency-Key': `key-${Date.now()}` } };
    const first = await client.videos.create({ prompt: 'a red fox' }, options);
    const second = await client.videos.create({ prompt: 'a red fox' }, options);
    assert.equal(second.id, first.id);
    await assert.rejects(client.videos.create({ prompt: 'a blue fox' }, options), OpenAI.UnprocessableEntityError);
  },

  async wait() {
    const { data, response } = await client.videos.create({ prompt: 'a red fox' }, { headers: { Prefer: 'wait=60' } }).withResponse();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('preference-applied'), 'wait=60');
    assert.equal(data.status, 'completed');
  },

  async images() {
    const answer = await client.images.generate({ prompt: 'a red fox', n: 2, seed: 5, size: '64x64', background: 'transparent' });
    assert.deepEqual(answer.data.map((image) => image.seed), [5, 6]);
    for (const image of answer.data) assert.equal(Buffer.from(image.b64_json, 'base64').subarray(1, 4).toString(), 'PNG');
    const linked = await client.images.generate({ prompt: 'a red fox', response_format: 'url' });
    const file = await fetch(linked.data[0].url);
    assert.equal(file.headers.get('content-type'), 'image/png');
    const ignored = { style: 'vivid', quality: 'hd', moderation: 'low', output_compression: 80, user: 'anna' };
    const warned = await client.images.generate({ prompt: 'a red fox', stream: false, partial_images: 0, ...ignored });
    assert.deepEqual(warned.warnings.map((warning) => warning.split("'")[1]).sort(), Object.keys(ignored).sort());
    await assert.rejects(client.images.generate({ prompt: 'a', stream: true }), (error) => error instanceof OpenAI.BadRequestError && error.param === 'stream');
  },

  async edits() {
    const image = () => new File([photo], 'photo.png', { type: 'image/png' });
    const answer = await client.images.edit({ image: image(), prompt: 'make it sepia', n: 2, size: 'auto', response_format: 'b64_json' });
    assert.equal(answer.data.length, 2);
    for (const edited of answer.data) assert.equal(Buffer.from(edited.b64_json, 'base64').subarray(1, 4).toString(), 'PNG');
    const masked = await client.images.edit({ image: [image()], mask: image(), prompt: 'make it black and white', response_format: 'url' });
    assert.equal((await fetch(masked.data[0].url)).headers.get('content-type'), 'image/png');
    const jpeg = await client.images.edit({ image: image(), prompt: 'make it sepia', output_format: 'jpeg', quality: 'auto', input_fidelity: 'high', background: 'auto' });
    assert.equal(Buffer.from(jpeg.data[0].b64_json, 'base64').subarray(0, 2).toString('hex'), 'ffd8');
    assert.equal(jpeg.warnings.length, 1);
    await assert.rejects(client.images.edit({ image: image(), prompt: 'make the weather nicer tomorrow' }), (error) => error instanceof OpenAI.BadRequestError && error.code === 'instruction_not_understood');
    await assert.rejects(client.images.edit({ image: new File([png], 'red.png', { type: 'image/png' }), prompt: 'make it sepia' }), (error) => error instanceof OpenAI.BadRequestError && error.param === 'image');
  },

  async models() {
    const models = [];
    for await (const model of client.models.list()) models.push(model);
    assert.ok(models.length > 0);
    const model = await client.models.retrieve(models[0].id);
    assert.equal(model.object, 'model');
    assert.ok(model.capabilities.sizes.includes('64x64'));
  },

  async unauthorized() {
    await assert.rejects(client.videos.list(), OpenAI.AuthenticationError);
  },

  // The server is restarted meanwhile by whoever runs this.
  async poll() {
    const video = await client.videos.create({ prompt: 'a slow fox' });
    console.log(video.id);
    await completed(video);
  },
};

await scenarios[process.argv[2]]();
