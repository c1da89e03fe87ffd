// A Telegram server for tests, from the package telegram-test-api: node telegram.js PORT
const TelegramServer = require('telegram-test-api');

const port = Number(process.argv[2]);
new TelegramServer({ port, host: '127.0.0.1', storage: 'RAM', storeTimeout: 600 })
  .start()
  .then(() => console.log('listening'));
process.stdin.resume(); // ends with its parent: no test leaves a server behind
process.stdin.on('end', () => process.exit(0));
