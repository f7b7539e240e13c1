package dev.firebreak.auth.signing;

import com.nimbusds.jose.JWSAlgorithm;

/** What keys sign with (RFC 7518, 3.1). A change is a rotation. */
public enum SigningAlgorithm {
    ES256(JWSAlgorithm.ES256),
    RS256(JWSAlgorithm.RS256);

    private final JWSAlgorithm jws;

    SigningAlgorithm(JWSAlgorithm jws) {
        this.jws = jws;
    }

    JWSAlgorithm jws() {
        return jws;
    }
}
