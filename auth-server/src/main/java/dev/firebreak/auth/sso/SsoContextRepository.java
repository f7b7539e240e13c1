package dev.firebreak.auth.sso;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;

/**
 * Who the browser is signed in as, by cookie and one statement, and only for requests that ask. A database that does not
 * answer is an exception (503), never "not signed in": else an outage would send everybody to the login page.
 */
@Component
class SsoContextRepository implements SecurityContextRepository {
    private final SsoCookie cookie;
    private final SsoSignIns signIns;
    private final InstantSource clock;

    SsoContextRepository(SsoCookie cookie, SsoSignIns signIns, InstantSource clock) {
        this.cookie = cookie;
        this.signIns = signIns;
        this.clock = clock;
    }

    @Override
    public DeferredSecurityContext loadDeferredContext(HttpServletRequest request) {
        return new Deferred(SingletonSupplier.of(() -> load(request)));
    }

    private SecurityContext load(HttpServletRequest request) {
        return cookie.read(request)
                .flatMap(signIns::use)
                .filter(signIn -> !FreshProof.isDemanded(request, signIn.session(), clock.instant()))
                .<SecurityContext>map(SecurityContextImpl::new)
                .orElseGet(SecurityContextHolder::createEmptyContext);
    }

    /** Part of the interface still; the framework asks {@link #loadDeferredContext} instead. */
    @Override
    @Deprecated
    public SecurityContext loadContext(HttpRequestResponseHolder holder) {
        return load(holder.getRequest());
    }

    /** Nothing: a sign-in begins and ends by explicit order, never as a side effect of a request. */
    @Override
    public void saveContext(SecurityContext context, HttpServletRequest request, HttpServletResponse response) {}

    @Override
    public boolean containsContext(HttpServletRequest request) {
        return cookie.read(request).isPresent();
    }

    private record Deferred(SingletonSupplier<SecurityContext> context) implements DeferredSecurityContext {
        @Override
        public SecurityContext get() {
            return context.obtain();
        }

        /** An empty context of ours was looked up, not made up. */
        @Override
        public boolean isGenerated() {
            return false;
        }
    }
}
