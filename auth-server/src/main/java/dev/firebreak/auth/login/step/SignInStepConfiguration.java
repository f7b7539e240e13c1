package dev.firebreak.auth.login.step;

import dev.firebreak.auth.sealing.FileKeyWrapper;
import dev.firebreak.auth.sealing.Seal;
import dev.firebreak.starter.ServiceIdentity;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.savedrequest.RequestCache;

/** The steps before sign-in, in the framework's terms. Both security chains that a browser meets use these beans. */
@Configuration(proxyBeanMethods = false)
class SignInStepConfiguration {
    private static final String KEY_INFO = "firebreak/sign-in-cookie/v1";

    /** Name and origin are part of the seal: a cookie of another deployment, or another cookie of ours, does not open. */
    @Bean
    SignInSteps signInSteps(FileKeyWrapper keys, ServiceIdentity identity, InstantSource clock) {
        String origin = identity.publicOrigin().toString();
        Seal seal = new Seal(keys.derived(KEY_INFO, 32), SignInSteps.COOKIE + " " + origin);
        return new SignInSteps(seal, "https".equals(identity.publicOrigin().getScheme()), clock);
    }

    @Bean
    RequestCache signInRequestCache(SignInSteps steps) {
        return new SignInRequestCache(steps);
    }

    @Bean
    CsrfTokenRepository signInCsrfTokens(SignInSteps steps) {
        return new SignInCsrfTokens(steps);
    }
}
