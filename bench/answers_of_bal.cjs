// Asks the national validator of address files: [folder of its node_modules, id of the commune], files by name on standard input, answers on standard output.
const [, , modules, commune] = process.argv
global.fetch = async () => ({ok: true, json: async () => ({status: 'success', response: [{id: commune}]})})
const {validate} = require(modules + '/@ban-team/validateur-bal')

async function main() {
  const files = JSON.parse(require('fs').readFileSync(0, 'utf8'))
  const out = {}
  for (const [name, base64] of Object.entries(files)) {
    out[name] = {}
    for (const profile of ['1.3', '1.4', '1.5']) {
      const report = await validate(Buffer.from(base64, 'base64'), {profile})
      if (!report.parseOk) {
        out[name][profile] = null
        continue
      }
      const rows = {}
      for (const row of report.rows) for (const error of row.errors) (rows[error.code] ||= []).push(row.line)
      const codes = {}
      for (const error of report.profilErrors) codes[error.code] = [error.level, [...new Set(rows[error.code] || [])]]
      out[name][profile] = {valid: report.profilesValidation[profile].isValid, codes}
    }
  }
  console.log(JSON.stringify(out))
}

main()
