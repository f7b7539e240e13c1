package dev.firebreak.starter.app;

import dev.firebreak.starter.test.TestTrust;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** The test service over real HTTP, with few requests in flight and small bodies. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = TestService.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "firebreak.profile=local",
            "firebreak.run=serve",
            "firebreak.node=test-1",
            "firebreak.issuer=" + TestTrust.ISSUER,
            "firebreak.public-origin=" + TestTrust.ORIGIN,
            "firebreak.overload.max-in-flight=14",
            "firebreak.overload.exempt=/open/deadline",
            "firebreak.request.max-body=1KB",
            "management.server.port=0"
        })
@Import(TestTrust.class)
@interface StarterTest {}
