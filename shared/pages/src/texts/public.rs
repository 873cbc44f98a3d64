//! Texts of the pages that contacts see.

use crate::language::texts;

texts! {
    /// Texts that surround every public page.
    PublicTexts {
        skip: "Zum Inhalt springen", "Skip to content";
        service: "Anfragen von Fachkreisen", "Inquiries from health-care professionals";
        language_switch: "Sprache", "Language";
        privacy: "Datenschutz", "Privacy";
        imprint: "Impressum", "Legal notice";
        new_inquiry: "Neue Anfrage", "New inquiry";
        to_form: "Zum Anfrageformular", "To the inquiry form";
        to_desk: "Zur Arbeitsliste", "To the worklist";
        urgent: "In dringenden Fällen erreichen Sie uns unter", "In urgent cases, please call";
    }
}

texts! {
    /// Texts of the inquiry form and of every field.
    FormTexts {
        title: "Ihre Anfrage", "Your inquiry";
        lead: "Ob medizinische Frage oder Lieferung: Ihre Anfrage geht direkt an die Abteilung, die sie beantworten kann. Eine Bestätigung erhalten Sie sofort per E-Mail.", "Whether it is a medical question or a delivery: your inquiry goes straight to the department that can answer it. You will receive a confirmation by email at once.";
        professionals_only: "Dieses Formular ist für medizinische Fachkreise. Wenn Sie selbst Patientin oder Patient sind, wenden Sie sich bitte an Ihre Ärztin, Ihren Arzt oder Ihre Apotheke.", "This form is for health-care professionals. If you are a patient, please ask your physician or pharmacist.";
        required_note: "Angaben ohne den Zusatz „freiwillig“ brauchen wir, um Ihnen antworten zu können.", "We need every entry that is not marked “optional” in order to answer you.";
        optional: "freiwillig", "optional";
        errors_title: "Bitte prüfen Sie Ihre Angaben", "Please check your entries";
        errors_lead: "Ihre Anfrage ist noch nicht gesendet. Was Sie eingegeben haben, ist erhalten geblieben.", "Your inquiry has not been sent yet. What you entered has been kept.";
        error: "Fehler:", "Error:";
        concern_section: "Ihr Anliegen", "Your concern";
        delivery_section: "Zur Lieferung", "About the delivery";
        delivery_hint: "Eine dieser Nummern genügt. Ohne Nummer helfen uns Produkt, Kundennummer und Bestelldatum.", "One of these numbers is enough. Without a number, the product, customer number and order date help us.";
        person_section: "Wer fragt", "Who is asking";
        person_hint: "Bitte nennen Sie uns Ihren Beruf oder Ihre Einrichtung: Fachinformationen dürfen wir nur an Fachkreise geben.", "Please tell us your profession or institution: we may give specialist information to health-care professionals only.";
        no_patient_names: "Bitte keine Patientennamen.", "Please do not name patients.";
        no_patient_names_hint: "Alter, Geschlecht und Verlauf genügen uns, wenn sie für die Frage wichtig sind.", "Age, sex and course are enough, where they matter for the question.";
        safety_note: "Schildern Sie mögliche Nebenwirkungen oder Qualitätsmängel, geben wir diese Angaben umgehend an unsere Arzneimittelsicherheit oder Qualitätssicherung weiter. Ihre Frage beantworten wir davon unabhängig.", "If you describe possible side effects or quality defects, we pass these details on to our drug-safety or quality department at once. Your question is answered independently of that.";
        privacy_note: "Wir verwenden Ihre Angaben, um Ihre Anfrage zu beantworten und gesetzliche Meldepflichten zu erfüllen.", "We use your details to answer your inquiry and to meet legal reporting duties.";
        privacy_link: "Hinweise zum Datenschutz", "Privacy notice";
        send: "Anfrage senden", "Send inquiry";
        honeypot: "Bitte lassen Sie dieses Feld leer", "Please leave this field empty";
        choose: "Bitte wählen", "Please choose";
        topic_medical: "Medizinische Frage", "Medical question";
        topic_medical_hint: "zum Beispiel Dosierung, Wechselwirkung, Studienlage", "such as dosage, interaction, evidence";
        topic_delivery: "Lieferung", "Delivery";
        topic_delivery_hint: "zum Beispiel Verbleib einer Sendung, Liefertermin, Retoure", "such as the whereabouts of a parcel, delivery date, return";
        topic_unsure: "Beides, etwas anderes oder nicht sicher", "Both, something else or not sure";
        topic_unsure_hint: "Wir ordnen es für Sie zu.", "We will assign it for you.";
        subject_hint: "Ein paar Stichworte, zum Beispiel „Dosierung bei Niereninsuffizienz“", "A few words, such as “Dosage in renal impairment”";
        message_hint: "Stellen Sie Ihre Frage so, wie Sie sie einer Kollegin stellen würden.", "Ask just as you would ask a colleague.";
        product_hint: "Handelsname, Wirkstoff oder PZN", "Brand name, substance or PZN";
        profession_hint: "zum Beispiel Apothekerin, Fachärztin für Kardiologie, Pflegefachmann", "such as pharmacist, cardiologist, nurse";
        institution_hint: "Praxis, Apotheke, Klinik oder Firma", "Practice, pharmacy, hospital or company";
        email_hint: "An diese Adresse senden wir die Antwort.", "We will send the answer to this address.";
        phone_hint: "Nur für Rückfragen, wenn es eilt", "Only for questions in urgent cases";
    }
}

texts! {
    /// Texts of the confirmation and of the status page.
    StatusTexts {
        sent_title: "Ihre Anfrage ist angekommen", "Your inquiry has arrived";
        sent_lead: "Vielen Dank. Bitte notieren Sie sich diese Vorgangsnummer:", "Thank you. Please make a note of this reference:";
        next_title: "Wie es weitergeht", "What happens next";
        next_receipt: "Sie erhalten gleich eine Bestätigung per E-Mail, mit der Vorgangsnummer und einem Link zum Stand Ihrer Anfrage.", "You will shortly receive a confirmation by email, with the reference and a link to the status of your inquiry.";
        next_desk: "Wir bringen Ihre Anfrage zur zuständigen Abteilung. Fehlt dort etwas, fragen wir einmal gezielt nach.", "We bring your inquiry to the department in charge. If anything is missing there, we ask for it once and precisely.";
        next_answer: "Die Antwort kommt per E-Mail und steht zugleich auf der Statusseite. Dort können Sie uns auch jederzeit schreiben.", "The answer comes by email and also appears on the status page, where you can write to us at any time.";
        open_status: "Stand der Anfrage ansehen", "See the status of your inquiry";
        keep_link: "Der Link ist nur für Sie bestimmt: Wer ihn kennt, kann Ihre Anfrage lesen.", "The link is meant for you alone: whoever knows it can read your inquiry.";
        title: "Stand Ihrer Anfrage", "Status of your inquiry";
        reference: "Vorgangsnummer", "Reference";
        received: "Eingegangen am", "Received on";
        requests: "Stand", "Status";
        safety: "Sicherheit und Qualität", "Safety and quality";
        safety_explained: "Was Sie dazu geschrieben haben, ist sofort an die zuständige Abteilung gegangen. Sie meldet sich bei Ihnen, wenn noch etwas zu klären ist.", "What you wrote about this has gone to the department in charge at once. It will contact you if anything needs to be clarified.";
        conversation: "Bisheriger Verlauf", "Conversation so far";
        from_you: "Sie", "You";
        reply_received: "Vielen Dank, Ihre Nachricht ist angekommen.", "Thank you, your message has arrived.";
        asked_title: "Das brauchen wir noch von Ihnen", "What we still need from you";
        asked_lead: "Was wir schon wissen, haben wir eingetragen. Sie können diese Angaben hier ergänzen oder einfach auf unsere E-Mail antworten.", "We have filled in what we already know. You can complete these details here, or simply reply to our email.";
        question_lead: "Unsere Fachleute brauchen eine Auskunft von Ihnen. Antworten Sie gleich hier oder auf unsere E-Mail.", "Our specialists need some information from you. Answer right here, or reply to our email.";
        ask_product: "Um welches Produkt geht es?", "Which product is it about?";
        ask_which_product: "Welches Produkt meinen Sie genau? Ihre Angabe passt nicht eindeutig.", "Which product do you mean exactly? Your entry does not fit one clearly.";
        ask_question: "Was genau möchten Sie wissen? Bitte schreiben Sie es in das Nachrichtenfeld.", "What exactly would you like to know? Please write it in the message field.";
        ask_requester: "Wer fragt? Bitte nennen Sie Ihren Namen und Ihren Beruf oder Ihre Einrichtung.", "Who is asking? Please give your name, and your profession or institution.";
        ask_order_reference: "Um welche Lieferung geht es? Eine Bestell-, Lieferschein- oder Sendungsnummer genügt. Ohne Nummer helfen uns Kundennummer oder Einrichtung, Produkt und Bestelldatum.", "Which delivery is it about? An order, delivery-note or tracking number is enough. Without a number, the customer number or institution, the product and the order date help us.";
        ask_mistyped_number: "Die angegebene Nummer kann so nicht stimmen. Bitte vergleichen Sie sie mit Ihrer Bestellung oder Ihrem Lieferschein.", "The number you gave cannot be right. Please compare it with your order or delivery note.";
        ask_ambiguous_number: "Wir können nicht erkennen, was für eine Nummer Sie angegeben haben. Bitte tragen Sie sie in das passende Feld ein.", "We cannot tell what kind of number you gave. Please enter it in the matching field.";
        ask_topic: "Worum geht es? Dann bringen wir Ihre Anfrage gleich zur richtigen Abteilung.", "What is it about? Then we can bring your inquiry straight to the right department.";
        reply_title: "Uns schreiben", "Write to us";
        reply_lead: "Ihre Nachricht kommt zu diesem Vorgang. Bitte keine Patientennamen.", "Your message is added to this inquiry. Please do not name patients.";
        message_beside: "Möchten Sie etwas hinzufügen?", "Would you like to add anything?";
        reply_send: "Absenden", "Send";
    }
}
