'use strict';
// One builder per event type, each made with the client's own model where it has one. Every value is fixed, so that a
// new recording gives the same bytes. People, numbers and addresses are invented (RFC 2606 domains, RFC 5737/3849 addresses).

const kBase = 1760000000000;  // milliseconds; all times are counted from here

// Fields every event may carry, so that each type shows them once.
function common(event, n) {
  event.timestamp_unixtime_ms = kBase + n * 1000;
  event.event_id = 6004677780660780000 + n * 1024;  // above 2^53: the client can only send what a double holds
  event.source_message_id = `e8335d31-2031-4bff-afec-${(0x17ffc1784697 + n).toString(16).padStart(12, '0')}`;
  event.session_id = 12345678 + n;
  event.session_uuid = '91b86d0c-86cb-4124-a8b2-edee107de454';
  return event;
}

function product(m, id, price, quantity) {
  const p = new m.Product();
  p.id = id;
  p.name = `Café crème "${id}"`;
  p.brand = 'Exemple & Fils';
  p.category = 'Getränke/Heiß';
  p.price = price;
  p.quantity = quantity;
  p.total_product_amount = price * quantity;
  p.custom_attributes = {roast: 'dark', 'ships free': true};
  return p;
}

function place(m) {
  const location = new m.GeoLocation();
  location.latitude = 47.376887;
  location.longitude = -8.541694;
  location.accuracy = 1e-7;  // written as 1e-7
  return location;
}

// The client has no model for these; its EventBase takes any data and any type.
function generic(m, fields) {
  return Object.assign(new m.EventData(), fields);
}

const builders = {
  session_start: m => new m.SessionStartEvent(),
  session_end: m => Object.assign(new m.SessionEndEvent(), {session_duration_ms: 10000}),
  screen_view: m => Object.assign(new m.ScreenViewEvent(),
    {screen_name: 'Product Détail', activity_type: 'browse', custom_flags: {foo: 'bar', answer: 42, arrays: ['foo', 'bar', 'baz']}}),
  custom_event: m => {
    const event = new m.AppEvent(m.AppEvent.CustomEventType.navigation, 'Hello "World" \\ 東京');
    event.custom_attributes = {
      'dotted.key': 'a.b', '$reserved': true, empty: '', none: null, price: 19.99, tiny: 1e-21, huge: 1e300, negative_zero: -0,
      control: 'tab\there\nnew line \u0001\u001f\u007f', separators: '\u2028\u2029', emoji: '👩‍👩‍👧', markup: '</script>', slash: 'a/b',
    };
    event.location = place(m);
    const state = new m.DeviceCurrentState();
    state.battery_level = 0.5;
    state.data_connection_type = 'wifi';
    state.system_memory_low = false;
    event.device_current_state = state;
    return event;
  },
  crash_report: m => Object.assign(new m.CrashReportEvent(), {
    breadcrumbs: ['opened', 'clicked'], class_name: 'java.lang.IllegalStateException', severity: 'fatal', message: 'user jo@example.com not found',
    stack_trace: 'at com.example.Shop.open(Shop.java:17)\n\tat com.example.Main.main(Main.java:3)', exception_handled: false,
    topmost_context: 'Shop', session_number: 3}),
  opt_out: m => Object.assign(new m.OptOutEvent(), {is_opted_out: true}),
  first_run: m => new m.FirstRunEvent(),
  pre_attribution: m => generic(m, {custom_attributes: {publisher: 'Example Ads'}}),
  push_registration: m => Object.assign(new m.PushRegistrationEvent(), {register: true, registration_token: 'tok-7f3a'}),
  application_state_transition: m => {
    const event = new m.ApplicationStateTransitionEvent(m.ApplicationStateTransitionEvent.ApplicationTransitionType.application_foreground);
    return Object.assign(event, {successfully_closed: true, is_first_run: false, is_upgrade: true,
      push_notification_payload: '{"aps":{"alert":"Hi Jo, call +1 415 555 0100"}}'});  // JSON inside a string
  },
  push_message: m => {
    const event = new m.PushMessageEvent('tok-7f3a', m.PushMessageEvent.PushMessageType.received,
      '{"aps":{"alert":"Sale \\"now\\"","badge":1}}', m.PushMessageEvent.ApplicationState.background);
    return Object.assign(event, {message: 'Sale now', network: 'apns', action_identifier: 'open'});
  },
  network_performance: m => new m.NetworkPerformanceEvent('GET', 'https://shop.example.com/p/1?q=a&r=b%20c', 321, 2048, 512, 200),
  breadcrumb: m => Object.assign(new m.BreadcrumbEvent(), {label: 'checkout → payment', session_number: 3}),
  profile: m => new m.ProfileEvent('Jo', 'anonymous', m.ProfileEvent.ProfileEventType.login),
  push_reaction: m => generic(m, {custom_attributes: {content_id: '17', campaign: 'spring'}}),
  commerce_event: m => {
    const action = new m.ProductAction('purchase');
    action.transaction_id = 'T-0001';
    action.products = [product(m, 'sku-1', 19.99, 2), product(m, 'sku-2', 0.1, 3)];
    action.tax_amount = 1.5;
    action.total_amount = 41.78;
    const event = new m.CommerceEvent();
    event.product_action = action;
    event.currency_code = 'CHF';
    event.custom_flags = {answer: 42};
    return event;
  },
  user_attribute_change: m => generic(m, {user_attribute_name: '$city', new: 'Zürich', old: null, deleted: false, is_new_attribute: true}),
  user_identity_change: m => generic(m, {
    new: {identity_type: 'email', identity: 'jo.new@example.com', timestamp_unixtime_ms: kBase},
    old: {identity_type: 'email', identity: 'jo@example.com', timestamp_unixtime_ms: kBase - 86400000}}),
  uninstall: m => generic(m, {}),
};

const kTypes = Object.keys(builders);

// The batch's event of one type, wrapped as the client wraps it.
function add_event(m, batch, type) {
  const event = common(builders[type](m), kTypes.indexOf(type));
  if (typeof event.getEventType === 'function') return batch.addEvent(event);
  batch.events = (batch.events || []).concat(new m.EventBase(event, type));
}

module.exports = {add_event, product, kTypes, kBase};
