/** The code of docs/how-to/call-another-service.md and google-tokens.md, so that it compiles and runs. */
@org.jspecify.annotations.NullMarked
package dev.firebreak.starter.client.example;
