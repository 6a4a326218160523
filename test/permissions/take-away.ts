import type { PolicyDocument, Statement } from '@ticketing/stack'

/** A policy that lacks one permission. */
export interface Weakened {
  /** What was taken away, for people. */
  readonly without: string
  /** The actions that are hit by it: one, or all of the statement. */
  readonly actions: readonly string[]
  readonly policy: PolicyDocument
}

export interface TakeOptions {
  /** Takes each action on each resource away by itself. @default each action, and each resource */
  readonly byPair?: boolean
}

/**
 * Takes each permission of a policy away in turn: each action, and each resource and each value of a condition where a
 * statement has several.
 */
export function takeEachAway(
  { Version, Statement: statements }: PolicyDocument,
  { byPair = false }: TakeOptions = {},
): Weakened[] {
  return statements.flatMap((statement) =>
    [...(byPair ? withoutPairs(statement) : withoutParts(statement)), ...withoutValues(statement)].map(
      ({ without, left }) => ({
        without: `${statement.Sid}: ${without}`,
        actions: statement.Action.includes(without) ? [without] : statement.Action,
        policy: { Version, Statement: statements.flatMap((other) => (other === statement ? left : [other])) },
      }),
    ),
  )
}

interface Weakening {
  readonly without: string
  /** Nothing where the statement had no other action. */
  readonly left: readonly Statement[]
}

function withoutParts(statement: Statement): Weakening[] {
  const { Action, Resource = [] } = statement
  return [
    ...withoutEach(Action).map(({ out, rest }) => ({
      without: out,
      left: rest.length === 0 ? [] : [{ ...statement, Action: rest }],
    })),
    ...(Resource.length < 2 ? [] : withoutEach(Resource)).map(({ out, rest }) => ({
      without: out,
      left: [{ ...statement, Resource: rest }],
    })),
  ]
}

function withoutPairs(statement: Statement): Weakening[] {
  const { Action, Resource = [] } = statement
  return withoutEach(Action).flatMap((action) =>
    withoutEach(Resource).map((resource) => ({
      without: `${action.out} on ${resource.out}`,
      left: [
        { ...statement, Action: action.rest },
        { ...statement, Action: [action.out], Resource: resource.rest },
      ].filter((part) => part.Action.length > 0 && part.Resource?.length !== 0),
    })),
  )
}

/** Without one value of a condition that has several. */
function withoutValues(statement: Statement): Weakening[] {
  return Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      (typeof values === 'string' || values.length < 2 ? [] : withoutEach(values)).map(({ out, rest }) => ({
        without: `${key} ${out}`,
        left: [{ ...statement, Condition: { [operator]: { ...keys, [key]: rest } } }],
      })),
    ),
  )
}

function withoutEach(all: readonly string[]): { out: string; rest: readonly string[] }[] {
  return all.map((out) => ({ out, rest: all.filter((other) => other !== out) }))
}
