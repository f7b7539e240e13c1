package dev.firebreak.gateway.ops;

import dev.firebreak.trust.VerifiedToken;

/**
 * A verified token for the operators' endpoints; never in the text form.
 *
 * @param value what the endpoints will see
 */
public record OpsToken(String value, VerifiedToken token) {
    @Override
    public String toString() {
        return "OpsToken[sub=" + token.sub() + "]";
    }
}
