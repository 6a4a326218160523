import type { FakeAnswer, SeenCall } from './fake-fetch.ts'

export interface MadeCard {
  readonly id: string
  readonly desc: string
  readonly shortLink: string
  readonly shortUrl: string
}

/** A card's id as Trello makes it: the second of its making, then a counter. */
function cardId(seconds: number, count: number): string {
  return `${seconds.toString(16).padStart(8, '0')}${count.toString(16).padStart(16, '0')}`
}

export function makeCard(seconds: number, count: number, desc: string): MadeCard {
  const shortLink = `short${String(count).padStart(3, '0')}`
  return { id: cardId(seconds, count), desc, shortLink, shortUrl: `https://trello.com/c/${shortLink}` }
}

/** One board with lists and cards, as far as the sink asks. `break` may answer any call instead. */
export function fakeTrello({
  lists = [{ id: 'list-1', name: 'To do', closed: false }],
  cards = [],
  broken = () => undefined,
}: {
  lists?: { id: string; name: string; closed: boolean }[]
  cards?: MadeCard[]
  broken?: (call: SeenCall, count: number) => FakeAnswer | undefined
} = {}): (call: SeenCall, count: number) => FakeAnswer {
  return (call, count) => {
    const made = broken(call, count)
    if (made) return made
    const { pathname, searchParams } = call.url
    if (call.method === 'POST') {
      const { idList }: { idList: string } = JSON.parse(call.text)
      if (!lists.some(({ id }) => id === idList))
        return new Response('could not find the board that the card belongs to', { status: 404 })
      return Response.json(makeCard(1_795_442_602, 7, ''))
    }
    if (pathname.endsWith('/lists')) return Response.json(lists)
    const before = searchParams.get('before') ?? 'g'
    const page = cards.filter(({ id }) => id < before).toSorted((one, other) => (one.id < other.id ? 1 : -1))
    return Response.json(page.slice(0, Number(searchParams.get('limit'))))
  }
}
