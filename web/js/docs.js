// @ts-nocheck  Swagger UI ships no types.
// The page of /docs: our own OpenAPI document, drawn from our own origin. Without `validatorUrl`
// Swagger UI would ask a server elsewhere to judge it.
window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  validatorUrl: null,
  deepLinking: true,
});
