/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {

    private static final String BASE = "https://api.mch.ksher.net/KsherPay";

    @ParameterizedTest
    @ValueSource(
            strings = {
                BASE,
                BASE + "/",
                BASE + "//",
                "https://api.mch.ksher.net:443/KsherPay",
                "https://api.mch.ksher.net:/KsherPay/",
                "HTTPS://API.mch.Ksher.NET:443/KsherPay/",
                " " + BASE + "\t",
                "\u00A0" + BASE + "/\u00A0"
            })
    void spellingsOfOneAddressAreOne(String spelling) {
        assertThat(BaseUrl.normalize(spelling)).isEqualTo(BASE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.mch.ksher.net/KsherPay",
                "https://api.mch.ksher.net:80/KsherPay",
                "https://api.mch.ksher.net:8443/KsherPay",
                "https://api.mch.ksher.net/ksherpay",
                "https://api.mch.ksher.net",
                "https://api.mch.ksher.net/KsherPay/v2",
                "https://user@api.mch.ksher.net/KsherPay"
            })
    void anotherAddressStaysAnother(String other) {
        assertThat(BaseUrl.normalize(other)).isNotEqualTo(BASE);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:80/, http://127.0.0.1",
        "http://127.0.0.1:8089/api, http://127.0.0.1:8089/api",
        "HTTP://[::1]:80/api/, http://[::1]/api",
        "https://User%40x@Host/a%2Fb/, https://User%40x@host/a%2Fb"
    })
    void onlyWhatMakesNoDifferenceIsChanged(String url, String normalized) {
        assertThat(BaseUrl.normalize(url)).isEqualTo(normalized);
        assertThat(BaseUrl.normalize(normalized)).isEqualTo(normalized);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ksher", "https://", "https://a b/c", "https://ho_st/x", "{{url}}"})
    void whatIsNoUrlIsLeftForOthersToRefuse(String text) {
        assertThat(BaseUrl.normalize(text)).isEqualTo(text.replaceAll("/+$", ""));
    }

    @Test
    void theMachinesLanguageMakesNoDifference() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(BaseUrl.normalize("HTTPS://API.MCH.KSHER.NET/I")).isEqualTo("https://api.mch.ksher.net/I");
        } finally {
            Locale.setDefault(before);
        }
    }
}
