/* The vaccination calendar in the browser: asks, computes, keeps what the person wants kept (sealed), writes files to take away. It sends nothing: it has no fetch, no form. */

import { calendar as agenda } from "./agenda.js"
import { open, possible, seal } from "./coffre.js"
import { later, plan, plus } from "./vaccins.js"

const KEPT = "parvis-vaccins"
const SHORTEST = 12
const rules = JSON.parse(document.getElementById("regles").textContent)
const words = JSON.parse(document.getElementById("mots").textContent)
const language = document.documentElement.lang === "en" ? 1 : 0
const byId = id => document.getElementById(id)
const series = Object.fromEntries(rules.series.map(s => [s.id, s]))
const fill = (said, values) => said.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")
const today = () => { const d = new Date(); return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}` }
const written = day => new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`))
const say = said => { byId("etat").textContent = said }

let people = [blank()]
let at = 0

function blank() {
  return { name: "", born: "", term: "", risk: false, doses: [] }
}

function element(tag, values = {}, ...children) {
  const made = Object.assign(document.createElement(tag), values)
  made.append(...children)
  return made
}

// --- one person's form

function read() {
  const p = people[at]
  p.name = byId("prenom").value.trim()
  p.born = byId("naissance").value
  p.term = byId("terme").value
  p.risk = byId("risque").checked
  p.doses = [...byId("doses").children].map(row => ({ vaccine: row.querySelector("select").value, on: row.querySelector("input").value })).filter(d => d.vaccine && d.on)
}

function write() {
  const p = people[at]
  byId("prenom").value = p.name
  byId("naissance").value = p.born
  byId("terme").value = p.term
  byId("risque").checked = p.risk
  byId("naissance-why").textContent = ""
  byId("doses").replaceChildren(...p.doses.map(doseLine))
  byId("personnes").replaceChildren(...(people.length > 1 ? people.map(tab) : []))
  byId("resultat").replaceChildren()
  byId("emporter").hidden = true
}

let lines = 0
function doseLine(dose = { vaccine: "", on: "" }) {
  const n = ++lines
  const choice = element("select", { id: `vaccin-${n}` }, element("option", { value: "", textContent: "—" }),
    ...Object.entries(rules.vaccines).map(([code, names]) => element("option", { value: code, textContent: names[language], selected: code === dose.vaccine })))
  const day = element("input", { type: "date", id: `jour-${n}`, value: dose.on, autocomplete: "off" })
  const row = element("div", { className: "dose-line" },
    element("div", {}, element("label", { htmlFor: choice.id, textContent: words.vaccine }), choice),
    element("div", {}, element("label", { htmlFor: day.id, textContent: words.day }), day))
  row.append(element("button", { type: "button", className: "quiet small", textContent: words.remove, onclick: () => { row.remove(); byId("ajouter-dose").focus() } }))
  return row
}

function tab(p, i) {
  const button = element("button", { type: "button", className: "second small person", textContent: p.name || `${words.nobody} ${i + 1}`, onclick: () => { read(); at = i; write(); if (people[at].born) compute() } })
  button.setAttribute("aria-pressed", String(i === at))
  return button
}

// --- the answer

const ORDER = ["late", "catch_up", "now", "look_up", "to_come", "far", "not_counted", "closed", "done"]

function compute() {
  read()
  const p = people[at]
  const day = today()
  const wrong = !p.born || p.born > day || p.born < plus(day, -45000)
  byId("naissance-why").textContent = wrong ? words.birth : ""
  byId("naissance").setAttribute("aria-invalid", String(wrong))
  if (wrong) {
    byId("resultat").replaceChildren()
    byId("emporter").hidden = true
    byId("naissance").focus()
    return
  }
  const horizon = later(day, "5y")
  const items = plan(rules, p, day).map(i => (i.state === "to_come" && i.since > horizon ? { ...i, state: "far" } : i))
  const due = items.filter(i => ["late", "catch_up", "now"].includes(i.state)).length
  const title = element("h3", { textContent: `${p.name || words.calendar}, ${fill(words.calculated, { day: written(day) })}` })
  const parts = [title, element("p", {}, element("strong", { textContent: due ? fill(words.several, { n: due }) : words.none_due }), ` ${words.advice}`)]
  for (const state of ORDER) {
    const some = items.filter(i => i.state === state)
    if (!some.length) continue
    const list = element("ul", { className: "plan" }, ...some.map(shown))
    if (["done", "far", "closed"].includes(state)) parts.push(element("details", { open: false }, element("summary", { textContent: `${words[state]} (${some.length})` }), list))
    else parts.push(element("h4", { textContent: words[state] }), list)
  }
  byId("resultat").replaceChildren(...parts)
  byId("emporter").hidden = !dated(items).length
  byId("personnes").replaceChildren(...(people.length > 1 ? people.map(tab) : []))
  keep()
}

const named = i => series[i.series].name[language] + (i.of > 1 ? `, ${fill(words.dose, { n: i.dose, of: i.of })}` : "")

function when(i) {
  if (i.on) return fill(words.on, { day: written(i.on) }) + (i.why ? ` — ${words[i.why]}` : "")
  const said = i.since ? [fill(words.from, { day: written(i.since) })] : []
  const ends = i.by || i.until
  if (ends && i.state !== "late") said.push(fill(words.before, { day: written(ends) }))
  return said.join(", ")
}

function shown(i) {
  const s = series[i.series]
  const source = rules.sources[s.source].title + (s.checked ? "" : ` (${words.unchecked})`)
  const li = element("li", {}, element("p", {}, element("strong", { textContent: named(i) }), ` ${when(i)}`))
  if (i.state !== "done") {
    li.append(element("p", { className: "soft", textContent: `${fill(words.against, { what: s.against[language] })}. ${fill(words.status, { what: words[s.status] })}. ${fill(words.source, { what: source })}.` }))
    if (["late", "catch_up", "now"].includes(i.state)) li.append(element("p", { className: "soft", textContent: words.where }))
  }
  li.dataset.series = i.series
  li.dataset.state = i.state
  return li
}

// --- files to take away

const dated = items => items.filter(i => i.since && ["late", "catch_up", "now", "to_come", "look_up"].includes(i.state))

function save(name, type, content) {
  const link = element("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

function icalendar() {
  read()
  const p = people[at]
  const day = today()
  const events = dated(plan(rules, p, day)).map(i => {
    const on = i.since > day ? i.since : day
    const s = series[i.series]
    return {
      uid: `${crypto.randomUUID()}@parvis.invalid`, day: on, next: plus(on, 1), summary: fill(words.summary, { name: named(i) }) + (p.name ? ` (${p.name})` : ""),
      description: `${fill(words.against, { what: s.against[language] })}. ${fill(words.source, { what: rules.sources[s.source].title })}. ${words.advice}`,
    }
  })
  save("vaccins.ics", "text/calendar;charset=utf-8", agenda(events, new Date()))
}

// --- kept on the device, or in a file: sealed, or not at all

const stored = () => { try { return localStorage.getItem(KEPT) } catch { return null } }
const passphrase = () => byId("phrase").value

async function sealed() {
  if (!possible()) return say(words.insecure), ""
  if (passphrase().length < SHORTEST) return say(words.short), byId("phrase").focus(), ""
  read()
  return seal({ people }, passphrase())
}

async function keep() {
  if (!byId("sur-appareil").checked) return
  const box = await sealed()
  if (!box || !byId("sur-appareil").checked) {
    byId("sur-appareil").checked = false
    return
  }
  localStorage.setItem(KEPT, box)
  say(words.kept)
}

function forget() {
  try { localStorage.removeItem(KEPT) } catch { /* a browser without storage has nothing to forget */ }
  byId("sur-appareil").checked = false
  byId("gardees").hidden = true
}

async function reopen(box, secret) {
  try {
    const found = await open(box, secret)
    people = found.people.map(p => ({ ...blank(), ...p }))
    at = 0
    write()
    if (people[0]?.born) compute()
    say(words.opened)
    return true
  } catch {
    say(words.wrong)
    return false
  }
}

for (const one of document.querySelectorAll("[data-say]")) one.textContent = words[one.dataset.say]
byId("moi").hidden = false
byId("gardees").hidden = stored() === null
byId("calculer").onclick = compute
byId("ajouter-dose").onclick = () => { const row = doseLine(); byId("doses").append(row); row.querySelector("select").focus() }
byId("ajouter-personne").onclick = () => { read(); people.push(blank()); at = people.length - 1; write(); byId("prenom").focus() }
byId("agenda").onclick = icalendar
byId("imprimer").onclick = () => print()
byId("fichier-protege").onclick = async () => { const box = await sealed(); if (box) save("famille.vaccins", "application/octet-stream", box) }
byId("sur-appareil").onchange = () => (byId("sur-appareil").checked ? keep() : forget())
byId("ouvrir-gardees").onclick = async () => {
  const secret = byId("phrase-ouvrir").value
  if (await reopen(stored() ?? "", secret)) {
    byId("phrase").value = secret
    byId("sur-appareil").checked = true
    byId("gardees").hidden = true
    byId("phrase-ouvrir").value = ""
  }
}
byId("effacer-gardees").onclick = () => { forget(); say(words.erased) }
byId("tout-effacer").onclick = () => {
  forget()
  people = [blank()]
  at = 0
  byId("phrase").value = ""
  write()
  say(words.erased)
}
byId("reprendre").onchange = async event => {
  const [file] = event.target.files
  if (file) await reopen(await file.text(), passphrase())
  event.target.value = ""
}
write()
