// A standard client of the tus protocol. Arguments: where its packages are, the site's address, a
// file, cookie, token; "resume" looks for what an earlier run left. Prints lines: "at BYTES" while
// it sends, "done", or "failed MESSAGE".
import { createReadStream, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const [modules, site, file, cookie, csrf, store] = process.argv.slice(2)
const tus = createRequire(path.join(modules, 'x.js'))('tus-js-client')

const upload = new tus.Upload(createReadStream(file), {
  endpoint: site + '/api/v1/uploads',
  uploadSize: statSync(file).size,
  chunkSize: 1024 * 1024,
  retryDelays: [200, 500, 1000, 2000, 4000],
  metadata: { filename: path.basename(file), filetype: 'image/jpeg' },
  headers: { Cookie: cookie, 'X-CSRF-Token': csrf, Origin: site },
  urlStorage: new tus.FileUrlStorage(store),
  storeFingerprintForResuming: true,
  removeFingerprintOnSuccess: true,
  fingerprint: async () => file,
  onProgress: (sent) => console.log('at ' + sent),
  onError: (error) => { console.log('failed ' + error.message); process.exit(1) },
  onSuccess: () => console.log('done'),
})
const earlier = await upload.findPreviousUploads()
if (earlier.length > 0) {
  console.log('resumed')
  upload.resumeFromPreviousUpload(earlier[0])
}
upload.start()
