package dev.firebreak.auth.internal;

import dev.firebreak.auth.client.AssertionVerifier;
import dev.firebreak.auth.client.InternalCall;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A process of ours that has proved which client it is; its authorities are the calls that its file allows. */
final class CallerAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final String clientId;
    private final String instance;

    CallerAuthentication(AssertionVerifier.Proof proof, String instance) {
        super(proof.client().internal().stream()
                .map(call -> new SimpleGrantedAuthority(authority(call)))
                .toList());
        this.clientId = proof.client().id();
        this.instance = instance;
        setAuthenticated(true);
    }

    static String authority(InternalCall call) {
        return "INTERNAL_" + call.name();
    }

    @Override
    public Object getPrincipal() {
        return clientId;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return clientId + "/" + instance;
    }
}
