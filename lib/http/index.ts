export { routesOf, type RegisteredRoute } from './registered-routes.ts'
export { isValidHeaderValue, resolveTokens, type Token, type TokenLookup, type Tokens } from './token.ts'
export { webhookRoute, type ResolvedRoute } from './webhook-route.ts'
