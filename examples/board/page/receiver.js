import { announce } from './announce.js'
import { ask } from './ask.js'
import { element, find } from './element.js'

const health = find('health', HTMLElement)
const toggle = find('toggle', HTMLButtonElement)
const clock = find('clock', HTMLTimeElement)
const lost = find('lost-count', HTMLElement)
const deliveries = find('deliveries', HTMLOListElement)

/** What was said last, of which only changes are announced. */
let before = { receiver: '', queue: 0 }
let speed = 1
/** A moment of this page's time, and what GREEN-API's clock said then. */
let moment = { here: 0, there: 0 }

/** How many that wait are drawn one by one. */
const drawn = 60

/**
 * Watches over the receiver, and lets it be taken down.
 *
 * @param {(message: string) => void} complain
 */
export function watchReceiver (complain) {
  toggle.addEventListener('click', () => {
    ask('receiver', { up: health.dataset.state === 'down' }).catch((error) => { complain(error.message) })
  })
  setInterval(drawClock, 200)
}

/** @param {number} times how many seconds of GREEN-API's pass in one */
export function setSpeed (times) {
  speed = times
}

/** @param {import('../protocol.ts').State} state */
export function drawState (state) {
  moment = { here: performance.now(), there: state.now }
  drawClock()
  drawPolling(state.stopped)
  const { receiver, queue = 0 } = state
  const down = receiver === 'down'
  health.dataset.state = receiver
  find('health-text', HTMLElement).textContent = down ? 'Down: every notification is answered 503' : 'Receiving'
  toggle.textContent = down ? 'Bring the receiver up again' : 'Take the receiver down'
  find('queue', HTMLElement).textContent = String(queue)
  find('queue-text', HTMLElement).textContent = queue === 1 ? 'notification waits at GREEN-API' : 'notifications wait at GREEN-API'
  find('dots', HTMLElement).replaceChildren(...Array.from({ length: Math.min(queue, drawn) }, () => element('i')))
  const waiting = find('waiting', HTMLElement)
  waiting.hidden = !down || queue === 0
  waiting.textContent = `The receiver is down: ${queue} ${queue === 1 ? 'notification waits' : 'notifications wait'} at GREEN-API.`
  lost.hidden = state.lost === 0
  lost.textContent = `${state.lost} waited for 24 hours, and are lost.`
  drawDeliveries(state.deliveries)
  announceChange(receiver, queue)
}

/** @param {string | undefined} stopped why the instance is no longer polled */
function drawPolling (stopped) {
  if (stopped === undefined) return
  find('polling', HTMLElement).dataset.state = 'down'
  find('polling-text', HTMLElement).textContent = stopped
}

/** @param {import('../protocol.ts').State['deliveries']} latest */
function drawDeliveries (latest) {
  find('no-deliveries', HTMLElement).hidden = latest.length > 0
  deliveries.replaceChildren(...latest.map(({ name, status, attempts, receiptId }) => element('li', { 'data-good': String(status === 200) },
    element('div', {}, element('bdi', {}, name), attempts > 1 ? element('small', {}, `attempt ${attempts}`) : undefined, receiptId === undefined ? element('small', {}, 'from outside') : undefined),
    element('span', {}, `→ ${status ?? 'no answer'}`))))
}

/**
 * @param {string} receiver
 * @param {number} queue
 */
function announceChange (receiver, queue) {
  if (before.receiver !== '' && before.receiver !== receiver) announce(receiver === 'down' ? 'The receiver is down.' : `The receiver is up again. ${queue} waiting.`)
  // Each message passes through the queue; only what had to wait is worth a word.
  if (receiver === 'up' && queue === 0 && before.queue > 1) announce('Nothing waits any more.')
  before = { receiver, queue }
}

function drawClock () {
  const now = new Date(moment.there + (performance.now() - moment.here) * speed)
  clock.textContent = now.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}
