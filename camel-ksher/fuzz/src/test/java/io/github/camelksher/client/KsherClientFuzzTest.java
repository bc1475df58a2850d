/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherHttpStatusException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.http.RetryAfterOf;
import io.github.camelksher.http.Transport;
import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.wire.EnvelopeParser;
import io.github.camelksher.wire.MalformedReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whatever the network brings, a call ends with a reply or with one of the seven exceptions. */
class KsherClientFuzzTest {

    private static final String KEY =
            "MIIBPAIBAAJBALs2X6xo3/9NClCo+YqZv7hwYZaScwp9IEmmDin2jjMmJloQ7VDHxPNMr8C6pLbSHBEaOUX45pZb7tvZXF/WyukC"
                    + "AwEAAQJBAKdL1sFWUt1tNguQhLbz4Bzs6HhK1N0JpgHKj5u2Raq0JIEzNO3CpMkFVYJ5Zci6KnYjb49V8CbouD+aKAHRZJUCIQDd"
                    + "9U311SVM2IXdbdcYHnOSY5Zct+Hm4XXFOzumtx8O+wIhANfs2g4OV9ZK5PjMzoXFbG/7g/NF8ffbSr90IgGLHBhrAiAnugo0H+xH"
                    + "LtH26fv/syOYZf65pafnPR9pJ8rrcgc7FQIhAIT7IAhMGRinI4F/USndvrzw4ADxcOY/LjffJBpjPDhlAiEAy3tTByZNHSvUlHMa"
                    + "whl+yOXOJu1XjeJ0qUr1ILgU05c=";
    private static final List<ClientSettings> SETTINGS = List.of(
            settings().build(),
            settings().verifySignature(false).checkNonce(false).build(),
            settings().verifySignature(false).failOnResult(false).build());
    /** "429 120" and a line break before the body are a status and a Retry-After, "!" is a failure of the network. */
    private static final Pattern HEAD = Pattern.compile("(-?[0-9]{1,4})(?: (.*))?");

    private static ClientSettings.Builder settings() {
        return ClientSettings.builder("mch35005", KEY);
    }

    @FuzzTest
    void anyAnswerEndsInAReplyOrInOneOfTheSeven(byte[] answer) {
        Transport.Reply reply = reply(answer);
        Set<String> secrets = secrets(reply);
        for (ClientSettings settings : SETTINGS) {
            KsherClient client = new KsherClient(
                    settings, (form, started) -> sent(reply), () -> Instant.parse("2026-11-23T00:00:00Z"));
            for (KsherOperation operation : KsherOperation.calls()) {
                OrderRequest request = new OrderRequest(operation).with(Parameter.MCH_ORDER_NO, "2021020108");
                CallOutcome outcome = client.call(request, System.nanoTime());
                assertThat(outcome.toString()).isNotEmpty();
                assertThat(outcome.reply() == null).isNotEqualTo(outcome.failure() == null);
                if (settings.verifier == null) {
                    assertThat(outcome.signed()).isNotEqualTo(true);
                }
                if (outcome.reply() != null) {
                    assertThat(reply.status()).isEqualTo(200);
                    assertThat(outcome.code()).isEqualTo(0);
                    boolean unsigned = outcome.reply() instanceof GatewayCancelReply cancel && cancel.text() != null;
                    assertThat(outcome.signed()).isEqualTo(!unsigned && settings.verifier != null);
                } else {
                    failed(outcome.failure(), operation, reply, secrets);
                }
            }
        }
    }

    private static void failed(
            KsherException failure, KsherOperation operation, Transport.Reply reply, Set<String> secrets) {
        assertThat(failure.getOperation()).isEqualTo(operation.name());
        assertThat(failure.getOrder()).isEqualTo("2021020108");
        assertThat(failure.isOutcomeUnknown() && !operation.isCommand()).isFalse();
        // A reply that cannot be read is malformed: what fails in our own code would be reported as a failure of the
        // transport.
        assertThat(failure instanceof KsherTransportException).isEqualTo(reply.status() < 0);
        if (reply.status() >= 0) {
            assertThat(failure instanceof KsherHttpStatusException).isEqualTo(reply.status() != 200);
        }
        String message = failure.getMessage();
        assertThat(message).startsWith(operation.name()).hasSizeLessThan(1_800);
        assertThat(message.codePoints())
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        assertThat(secrets).noneMatch(message::contains);
    }

    private static boolean isNoWordOfOurs(String secret) {
        return secret.length() >= 6
                && secret.indexOf('*') < 0
                && secret.chars().anyMatch(Character::isLetter)
                && secret.chars().anyMatch(Character::isDigit)
                && !"order '2021020108'".contains(secret);
    }

    private static Set<String> secrets(Transport.Reply reply) {
        try {
            return reply.body() == null || reply.status() < 0
                    ? Set.of()
                    : EnvelopeParser.parse(reply.body()).secrets().stream()
                            .filter(KsherClientFuzzTest::isNoWordOfOurs)
                            .collect(Collectors.toSet());
        } catch (MalformedReply e) {
            return Set.of();
        }
    }

    private static Transport.Reply reply(byte[] answer) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        if (text.startsWith("!")) {
            return new Transport.Reply(-1, answer, null);
        }
        Matcher head = HEAD.matcher(end < 0 ? "" : text.substring(0, end));
        if (!head.matches()) {
            return new Transport.Reply(200, answer, null);
        }
        int status = Math.abs(Integer.parseInt(head.group(1)));
        byte[] rest = Arrays.copyOfRange(answer, end + 1, answer.length);
        return new Transport.Reply(status, rest.length == 0 ? null : rest, RetryAfterOf.header(head.group(2)));
    }

    private static Transport.Reply sent(Transport.Reply reply) throws Transport.Failed {
        if (reply.status() < 0) {
            throw new Transport.Failed(new IOException(new String(reply.body(), StandardCharsets.UTF_8)), false);
        }
        return reply;
    }
}
