package dev.firebreak.gateway.ops;

import dev.firebreak.trust.TokenVerifier;

/** The verifier of tokens for the operators' audience. Wrapped, so that nobody gets it who asks for the API's. */
public record OpsVerifier(TokenVerifier verifier) {}
