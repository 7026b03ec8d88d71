'use strict';
// Runs the real mparticle client against a server of its own on 127.0.0.1 and keeps what the client sent, byte for byte.
// See README.md. Usage: node record.js [OUT_DIR]
const fs = require('fs');
const http = require('http');
const path = require('path');
const m = require('mparticle');
const {add_event, product, kTypes, kBase} = require('./events.js');

// Each n gives another person. 600868121729048600 is above 2^53; negative ids occur; the web client sends text.
const kMpids = [600868121729048600, -7346244611012968448, 42, '7346244611012968789', -9007199254740993, 9223372036854774784];

function consent(m, Kind, document, consented) {
  return new Kind(document, consented, kBase - 86400000, 'shop.example.com/signup', 'IDFA:a5d934n0-232f-4afc-2e9a-3832d95zc702');
}

function batch_of(n, types, environment) {
  const batch = new m.Batch(environment);
  types.forEach(type => add_event(m, batch, type));
  batch.source_request_id = `7fa67be4-f83a-429f-9d73-${(0x38b660c50825 + n).toString(16)}`;
  batch.mpid = kMpids[n % kMpids.length];
  batch.ip = n % 4 === 3 ? '2001:db8:85a3::8a2e:370:7334' : `198.51.100.${17 + n}`;
  batch.user_identities = Object.assign(new m.UserIdentities(),
    {customerid: String(123456 + n), email: ` Jo.${n}@Example.com`, mobile_number: '+41 44 555 01 00', other_id_10: 'x"y\\z'});
  batch.user_attributes = {'$age': '31', '$city': n % 2 ? 'Zürich' : 'São Paulo', ssn: `078-05-112${n % 10}`,
    'Account type': 'trial', tags: ['a', 'b/c', ''], visits: 17, premium: n % 2 === 0, nick: null};
  batch.deleted_user_attributes = ['old_tier'];
  batch.device_info = Object.assign(new m.DeviceInformation(), {platform: 'iOS', device_model: 'iPhone15,3', screen_height: 2556,
    ios_advertising_id: '07d2ebaa-e956-407e-a1e6-f05f871bf4e2', timezone_offset: -5.5, is_tablet: false,
    att_authorization_status: m.DeviceInformation.ATTAuthorizationStatus.authorized, att_timestamp_unixtime_ms: 1552679728376});
  batch.application_info = Object.assign(new m.ApplicationInformation(), {application_name: 'Shop', application_version: '1.0.1'});
  batch.consent_state = Object.assign(new m.ConsentState(), {
    gdpr: {marketing: consent(m, m.GDPRConsentState, 'v4', true), 'ads (third party)': consent(m, m.GDPRConsentState, 'v4', false)},
    ccpa: {data_sale_opt_out: consent(m, m.CCPAConsentState, 'v3', true)}});
  const plan = Object.assign(new m.DataPlanContext(), {plan_id: 'shop', plan_version: 2});
  batch.context = Object.assign(new m.BatchContext(), {data_plan: plan});
  return batch;
}

function bare(fields) {
  return Object.assign(new m.Batch(m.Batch.Environment.production), fields);
}

function lone_surrogate() {
  const batch = batch_of(4, ['custom_event'], m.Batch.Environment.production);
  batch.events[0].data.custom_attributes = {cut_emoji: '\ud83d', whole: '\ud83d\ude00'};
  return batch;
}

function promotions_and_impressions() {
  const batch = bare({mpid: -1, user_identities: {email: 'JO@EXAMPLE.COM'}, ip: '203.0.113.9'});
  const promotion = Object.assign(new m.Promotion(), {id: 'spring', name: 'Frühling', creative: 'banner', position: '1'});
  const shown = Object.assign(new m.CommerceEvent(), {promotion_action: new m.PromotionAction('view', [promotion])});
  const seen = Object.assign(new m.CommerceEvent(), {product_impressions: [new m.ProductImpression('search', [product(m, 'sku-3', 5, 1)])]});
  batch.addEvent(shown);
  batch.addEvent(seen);
  return batch;
}

function plan() {
  const {production, development} = m.Batch.Environment;
  const single = kTypes.map((type, n) => [type, batch_of(n, [type], production)]);
  single.push(
    ['development_screen_view', batch_of(2, ['screen_view'], development)],
    ['all_types', batch_of(0, kTypes, production)],
    ['development_mixed', batch_of(1, ['screen_view', 'custom_event'], development)],
    ['profile_only', bare({mpid: 9007199254740993, user_attributes: {'$age': '32'}})],
    ['no_identity', bare({events: [], ip: '192.0.2.1'})],
    ['environment_only', bare({})],
    ['promotions_and_impressions', promotions_and_impressions()],
    ['lone_surrogate', lone_surrogate()]);
  const bulk = [
    ['bulk_two', [batch_of(0, ['session_start', 'session_end'], production), batch_of(1, ['commerce_event'], production)]],
    ['bulk_all_types', kTypes.map((type, n) => batch_of(n, [type], n % 5 ? production : development))],
    ['bulk_hundred', Array.from({length: 100}, (_, n) => bare({mpid: n - 50, source_request_id: `r-${n}`}))]];
  return {single, bulk};
}

// Answers 202 with an empty body, as the service does, and hands each body over as bytes.
function start_server() {
  const received = [];
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
      received.push({url: request.url, headers: request.headers, body: Buffer.concat(parts)});
      response.writeHead(202).end();
    });
  });
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve({server, received})));
}

function upload(api, method, body) {
  return new Promise((resolve, reject) => api[method](body, error => (error ? reject(error) : resolve())));
}

async function record(directory) {
  const {server, received} = await start_server();
  const client = new m.ApiClient();
  client.basePath = `http://127.0.0.1:${server.address().port}/v2`;
  const api = new m.EventsApi(new m.Configuration('recorder-key', 'recorder-secret'), client);
  const {single, bulk} = plan();
  for (const [name, batch] of single) await keep(name, 'uploadEvents', batch);
  const singles = received.length;
  for (const [name, batches] of bulk) await keep(name, 'bulkUploadEvents', batches);
  server.close();

  const lines = some => Buffer.concat(some.flatMap(one => [one.body, Buffer.from('\n')]));
  fs.writeFileSync(path.join(directory, 'batches.ndjson'), lines(received.slice(0, singles)));
  fs.writeFileSync(path.join(directory, 'bulk.ndjson'), lines(received.slice(singles)));
  const {host, ...headers} = received[0].headers;  // the port is another one each time
  fs.writeFileSync(path.join(directory, 'headers.json'), JSON.stringify(headers, null, 2) + '\n');
  console.log(`recorded ${singles} single and ${received.length - singles} bulk uploads`);

  async function keep(name, method, body) {
    await upload(api, method, body);
    const {url, body: bytes} = received[received.length - 1];
    const expected = method === 'uploadEvents' ? '/v2/events' : '/v2/bulkevents';
    if (url !== expected) throw new Error(`${name}: sent to ${url}, not ${expected}`);
    if (bytes.includes(0x0a)) throw new Error(`${name}: a raw line end inside a body`);
    fs.writeFileSync(path.join(directory, `${name}.json`), bytes);
  }
}

record(process.argv[2] || __dirname).catch(error => {
  console.error(error);
  process.exit(1);
});
